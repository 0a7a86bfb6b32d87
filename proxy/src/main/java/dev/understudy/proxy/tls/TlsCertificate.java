package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.authenticate.ChannelBinding;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its private key, ready for handshakes until it is released, once.
 *
 * @param names of servers that it is for, in lower case; the first label may be {@code *}
 * @param context of the server's side; for all threads
 * @param binding for authentications of clients that have seen it; null: there is none for it
 */
record TlsCertificate(Set<String> names, SslContext context, @Nullable ChannelBinding binding) {
  private static final int DNS_NAME = 2;

  TlsCertificate {
    names = Set.copyOf(names);
    requireNonNull(context, "context is null");
  }

  /**
   * Makes it ready.
   *
   * @param chain its own certificate first
   */
  static TlsCertificate of(Engine engine, PrivateKey privateKey, List<X509Certificate> chain)
      throws SSLException {
    X509Certificate own = chain.getFirst();
    Set<String> names = names(own);
    return new TlsCertificate(names, engine.context(privateKey, chain), ChannelBinding.to(own));
  }

  /** No handshake begins with it any more. Those that have begun keep what they need. */
  void release() {
    ReferenceCountUtil.release(context);
  }

  private static Set<String> names(X509Certificate certificate) throws SSLException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Set.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(DNS_NAME))
              .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
              .collect(Collectors.toUnmodifiableSet());
    } catch (CertificateParsingException e) {
      throw new SSLException("its subjectAltName cannot be read", e);
    }
  }
}
