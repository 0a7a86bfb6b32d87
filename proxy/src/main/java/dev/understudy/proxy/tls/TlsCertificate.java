package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.authenticate.ChannelBinding;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
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
 * A certificate with its private key, ready for handshakes.
 *
 * @param names of servers that it is for, in lower case; the first label may be {@code *}
 * @param context of the server's side; for all threads
 * @param binding for authentications of clients that have seen it; null: there is none for it
 */
record TlsCertificate(Set<String> names, SslContext context, @Nullable ChannelBinding binding) {
  /** What clients of PostgreSQL say that they are going to speak, those of direct TLS always. */
  static final String APPLICATION_PROTOCOL = "postgresql";

  private static final int DNS_NAME = 2;

  static {
    // Read by the JDK at the first server of TLS. It would end the handshake of whoever names a
    // server that it takes for no host, as one with an underscore; the name is read here.
    System.setProperty("jdk.tls.server.disableExtensions", "server_name");
  }

  TlsCertificate {
    names = Set.copyOf(names);
    requireNonNull(context, "context is null");
  }

  /**
   * Makes it ready.
   *
   * @param chain its own certificate first
   */
  static TlsCertificate of(PrivateKey privateKey, List<X509Certificate> chain) throws SSLException {
    X509Certificate own = chain.getFirst();
    return new TlsCertificate(names(own), context(privateKey, chain), ChannelBinding.to(own));
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
