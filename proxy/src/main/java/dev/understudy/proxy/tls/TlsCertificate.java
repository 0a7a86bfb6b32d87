package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Tls;
import dev.understudy.proxy.authenticate.ChannelBinding;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its private key, ready for handshakes.
 *
 * @param context of the server's side; for all threads
 * @param binding for authentications of clients that have seen it; null: there is none for it
 */
public record TlsCertificate(SslContext context, @Nullable ChannelBinding binding) {
  /** What clients of PostgreSQL say that they are going to speak, those of direct TLS always. */
  static final String APPLICATION_PROTOCOL = "postgresql";

  /** By the algorithm of the key. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  public TlsCertificate {
    requireNonNull(context, "context is null");
  }

  /**
   * Reads it from the files that the settings name. Blocks.
   *
   * @throws TlsException if one of them cannot be used, or they do not belong together
   */
  public static TlsCertificate read(Tls files) throws TlsException {
    PemFile certificateFile = new PemFile("listen.tls.certificate", files.certificate());
    PemFile keyFile = new PemFile("listen.tls.private-key", files.privateKey());
    List<X509Certificate> chain = certificateFile.certificates();
    PublicKey publicKey = chain.getFirst().getPublicKey();
    String signature = SIGNATURES.get(publicKey.getAlgorithm());
    if (signature == null) {
      throw certificateFile.problem(
          "is for a key of the kind " + publicKey.getAlgorithm(), "use one for an RSA or EC key");
    }
    PrivateKey privateKey = keyFile.privateKey(publicKey.getAlgorithm());
    if (!belongTogether(signature, privateKey, publicKey)) {
      throw keyFile.problem(
          "is not the private key of the certificate in " + files.certificate(),
          "the certificate that the key belongs to must come first in its file");
    }
    try {
      return new TlsCertificate(context(privateKey, chain), ChannelBinding.to(chain.getFirst()));
    } catch (SSLException e) {
      throw certificateFile.problem(
          "cannot be used for TLS: " + e.getMessage(), "name a certificate for servers");
    }
  }

  private static boolean belongTogether(
      String algorithm, PrivateKey privateKey, PublicKey publicKey) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** As PostgreSQL: a client that offers application protocols must offer ours. */
  private static SslContext context(PrivateKey privateKey, List<X509Certificate> chain)
      throws SSLException {
    return SslContextBuilder.forServer(privateKey, chain.toArray(X509Certificate[]::new))
        .sslProvider(SslProvider.JDK)
        .protocols("TLSv1.3", "TLSv1.2")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.FATAL_ALERT,
                SelectedListenerFailureBehavior.ACCEPT,
                APPLICATION_PROTOCOL))
        .build();
  }
}
