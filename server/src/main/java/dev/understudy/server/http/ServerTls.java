package dev.understudy.server.http;

import dev.understudy.config.CertificateFiles;
import dev.understudy.proxy.tls.ServerContext;
import dev.understudy.proxy.tls.TlsException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The certificate of the HTTP API, which can be exchanged while it is used. Thread-safe. */
final class ServerTls {
  private final SslContextFactory.Server factory = new SslContextFactory.Server();

  ServerTls(CertificateFiles files) throws TlsException {
    factory.setSslContext(context(files));
  }

  SslContextFactory.Server factory() {
    return factory;
  }

  /** What shows another one, in handshakes that begin from then on; it does not fail. */
  Runnable prepare(CertificateFiles files) throws TlsException {
    SSLContext next = context(files);
    return () -> {
      try {
        factory.reload(same -> same.setSslContext(next));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static SSLContext context(CertificateFiles files) throws TlsException {
    return ServerContext.of("http.tls", files);
  }
}
