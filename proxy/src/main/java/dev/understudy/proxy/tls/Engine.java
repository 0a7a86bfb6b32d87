package dev.understudy.proxy.tls;

import dev.understudy.config.TlsEngine;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;

/** What does the work of TLS below Netty. Clients cannot tell which one it is. */
enum Engine {
  /** Its contexts are the garbage collector's. */
  JDK("the JDK", SslProvider.JDK, SelectorFailureBehavior.FATAL_ALERT) {
    // A connection keeps the version that it has; another handshake of TLS 1.2 finds none.
    @Override
    void established(SslHandler tls) {
      tls.engine().setEnabledProtocols(NO_RENEGOTIATION);
    }

    @Override
    boolean hasClientEnded(SslHandler tls) {
      return false;
    }

    @Override
    void outputEnding(SslHandler tls) {}
  },

  /**
   * Its contexts are counted. Sessions are not resumed, as no driver of PostgreSQL resumes any. It
   * knows no alert for clients that offer other application protocols alone, which are told before
   * it hears of them. Another handshake of TLS 1.2 it refuses by itself.
   */
  BORINGSSL("BoringSSL", SslProvider.OPENSSL_REFCNT, SelectorFailureBehavior.NO_ADVERTISE) {
    @Override
    void established(SslHandler tls) {
      HalfClose.allow((ReferenceCountedOpenSslEngine) tls.engine());
    }

    @Override
    boolean hasClientEnded(SslHandler tls) {
      return HalfClose.hasClientEnded((ReferenceCountedOpenSslEngine) tls.engine());
    }

    @Override
    void outputEnding(SslHandler tls) {
      HalfClose.forbid((ReferenceCountedOpenSslEngine) tls.engine());
    }
  };

  private static final String[] NO_RENEGOTIATION = {"TLSv1.3"};

  static {
    // Read by the JDK at the first server of TLS. It would end the handshake of whoever names a
    // server that it takes for no host, as one with an underscore; the name is read here.
    System.setProperty("jdk.tls.server.disableExtensions", "server_name");
  }

  private final String words;
  private final SslProvider provider;
  private final SelectorFailureBehavior otherProtocols;

  Engine(String words, SslProvider provider, SelectorFailureBehavior otherProtocols) {
    this.words = words;
    this.provider = provider;
    this.otherProtocols = otherProtocols;
  }

  /**
   * The one that the settings want.
   *
   * @throws TlsException if it cannot be had here
   */
  static Engine of(TlsEngine wanted) throws TlsException {
    return switch (wanted) {
      case JDK -> JDK;
      case AUTO -> isBoringSslUsable() ? BORINGSSL : JDK;
      case BORINGSSL -> {
        if (!isBoringSslUsable()) {
          throw new TlsException(
              "listen.tls.engine: BoringSSL cannot be used here: " + obstacle(),
              "write engine = auto, or engine = jdk");
        }
        yield BORINGSSL;
      }
    };
  }

  private static boolean isBoringSslUsable() {
    return OpenSsl.isAvailable() && HalfClose.isPossible();
  }

  /** Why BoringSSL is not to be had, where that is so. */
  static String obstacle() {
    if (OpenSsl.isAvailable()) {
      return "this version of Netty ends connections of which a client has ended its side";
    }
    Throwable cause = OpenSsl.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause);
  }

  /** The server's side; counted where the engine counts. */
  SslContext context(PrivateKey privateKey, List<X509Certificate> chain) throws SSLException {
    return SslContextBuilder.forServer(privateKey, chain.toArray(X509Certificate[]::new))
        .sslProvider(provider)
        .protocols("TLSv1.3", "TLSv1.2")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                otherProtocols,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocols.OURS))
        .build();
  }

  /**
   * A handshake has succeeded, and no other one follows in that connection: clients could make the
   * server work without end.
   */
  abstract void established(SslHandler tls);

  /**
   * Whether a client has said that it sends no more, where Netty does not tell that by itself,
   * after {@link #established}.
   */
  abstract boolean hasClientEnded(SslHandler tls);

  /** Our own side is about to end, after {@link #established}; the client may still send. */
  abstract void outputEnding(SslHandler tls);

  /** The engine of a connection. */
  static Engine of(SslHandler tls) {
    return tls.engine() instanceof ReferenceCountedOpenSslEngine ? BORINGSSL : JDK;
  }

  /** For people. */
  @Override
  public String toString() {
    return words;
  }
}
