package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Http;
import dev.understudy.proxy.tls.TlsException;
import dev.understudy.server.CommandException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What listens for HTTP, from before the daemon has begun its work until after it has ended it. Who
 * asks gets a virtual thread for each request.
 */
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final String HINT =
      "choose another http.port or http.host, write http.enabled = false, or stop who listens"
          + " there";

  /** Connections on which nothing happens end so long after the end has begun, all others later. */
  private static final long STOP_IDLE_MILLIS = 100;

  private static final long STOP_MILLIS = 2_000;

  private final Server server;
  private final Handler.Wrapper door;
  private final ServerConnector connector;
  private final @Nullable ServerTls tls;
  private final Bounds bounds;
  private final RefusedRequests refused = new RefusedRequests();

  private HttpServer(Http settings, Bounds bounds) throws TlsException {
    this.bounds = bounds;
    VirtualThreadPool threads = new VirtualThreadPool();
    threads.setName("http");
    this.server = new Server(threads);
    this.tls = settings.tls() == null ? null : new ServerTls(settings.tls());
    this.door = new Handler.Wrapper(true, new Entrance());
    this.connector = connector(settings, bounds);
    server.setErrorHandler(new ProblemPages(refused));
    server.setHandler(door);
    server.setStopTimeout(STOP_MILLIS);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(bounds.connections(), connector));
    SlowClients slow = new SlowClients(connector.getScheduler(), bounds.request());
    connector.addBean(slow);
  }

  private ServerConnector connector(Http settings, Bounds bounds) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(bounds.headerBytes());
    http.setIdleTimeout(bounds.silence().toMillis());
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    ServerConnector made;
    if (tls == null) {
      made = new ServerConnector(server, 1, 1, plain);
    } else {
      // Who is asked for by another name gets the certificate nevertheless, and judges by itself.
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server certificate = tls.factory();
      made =
          new ServerConnector(
              server, 1, 1, new SslConnectionFactory(certificate, plain.getProtocol()), plain);
    }
    made.setHost(settings.host());
    made.setPort(settings.port());
    made.setShutdownIdleTimeout(STOP_IDLE_MILLIS);
    made.setIdleTimeout(bounds.silence().toMillis());
    return made;
  }

  /**
   * Listens. Until {@link #serve} it answers that the daemon starts.
   *
   * @throws CommandException if the port is taken, or the certificate cannot be used
   */
  public static HttpServer open(Http settings) throws CommandException {
    return open(settings, Bounds.USUAL);
  }

  static HttpServer open(Http settings, Bounds bounds) throws CommandException {
    HttpServer server;
    try {
      server = new HttpServer(requireNonNull(settings, "settings is null"), bounds);
    } catch (TlsException e) {
      throw new CommandException(String.valueOf(e.getMessage()), e.hint(), e);
    }
    try {
      server.connector.open();
      server.server.start();
      return server;
    } catch (Exception e) {
      server.close();
      throw new CommandException(
          "the HTTP API cannot listen on %s port %d: %s"
              .formatted(settings.host(), settings.port(), reason(e)),
          HINT,
          e);
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof IOException && e.getCause() != null ? e.getCause() : e;
    return String.valueOf(cause.getMessage());
  }

  /** Answers by these routes from now on. Called once. */
  void serve(List<Route> routes, Doorkeeper doorkeeper) {
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder holder =
        new ServletHolder(new Application(routes, doorkeeper, refused, bounds.request()).servlet());
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/*");
    context.setErrorHandler(new ProblemPages(refused));
    context.setServer(server);
    try {
      context.start();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    door.setHandler(context);
    door.manage(context);
  }

  /** How many requests have been answered with a problem, by status. */
  Map<Integer, Long> refused() {
    return refused.counts();
  }

  /**
   * Reads the certificate again, where there is one. Blocks.
   *
   * @return what shows it from then on; it does not fail
   * @throws TlsException if it cannot be used
   */
  public Runnable prepareCertificate(@Nullable CertificateFiles files) throws TlsException {
    return tls == null || files == null ? () -> {} : tls.prepare(files);
  }

  public int port() {
    return connector.getLocalPort();
  }

  /** Ends what is under way. Idempotent. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP API could not be ended cleanly", e);
    }
  }

  /** For people. */
  public String address() {
    String host = connector.getHost();
    return "%s://%s:%d"
        .formatted(
            tls == null ? "http" : "https", host.contains(":") ? "[" + host + "]" : host, port());
  }
}
