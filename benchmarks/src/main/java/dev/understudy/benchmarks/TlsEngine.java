package dev.understudy.benchmarks;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import java.security.SecureRandom;
import javax.net.ssl.SSLException;

/** What does the work of TLS below Netty. */
enum TlsEngine {
  JDK(SslProvider.JDK),
  BORINGSSL(SslProvider.OPENSSL_REFCNT);

  private final SslProvider provider;

  TlsEngine(SslProvider provider) {
    this.provider = provider;
  }

  /** The side of the proxy. */
  SslContext server(X509Bundle certificate) throws SSLException {
    SslContext context =
        SslContextBuilder.forServer(
                certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
            .sslProvider(provider)
            .protocols("TLSv1.3")
            .build();
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      // Without them it resumes nothing; the JDK makes its own.
      sessions.setTicketKeys(
          new OpenSslSessionTicketKey(
              random(OpenSslSessionTicketKey.NAME_SIZE),
              random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
              random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
    }
    return context;
  }

  /** The side of its clients, which is the same for all. */
  static SslContext client(X509Bundle certificate) throws SSLException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .trustManager(certificate.getCertificate())
        .protocols("TLSv1.3")
        .build();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
