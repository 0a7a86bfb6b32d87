package dev.understudy.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** {@code understudy serve} as its users run it, in front of a production server. */
final class Daemon implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(10);

  private final Process process;
  private final Path log;
  private final int port;

  private Daemon(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /** Returns when the first snapshot is cut and the proxy listens. */
  static Daemon start(Path launcher, Path dataDirectory, Production production, Path scratch)
      throws IOException, InterruptedException {
    int port = freePort();
    Path settings = scratch.resolve("understudy.conf");
    Path log = scratch.resolve("understudy.log");
    Files.writeString(
        settings,
        """
        understudy {
          data-directory = "%s"
          listen.port = %d
          sources.prod { type = directory, directory = "%s" }
          environments."b-*" { source = prod, database = shop }
        }
        """
            .formatted(dataDirectory, port, production.server().dataDirectory()));
    Process process =
        new ProcessBuilder(launcher.toString(), "serve", "-c", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Daemon daemon = new Daemon(process, log, port);
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!daemon.accepts()) {
      if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        daemon.close();
        throw new IOException("the daemon did not start:\n" + Files.readString(log));
      }
    }
    return daemon;
  }

  SocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The last line of the log that tells how an environment was made. */
  MatchResult logged(Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(log))
        .results()
        .reduce((first, second) -> second)
        .orElseThrow(() -> new IOException("the daemon's log has no line like " + pattern));
  }

  private boolean accepts() {
    try (java.net.Socket socket = new java.net.Socket()) {
      socket.connect(address(), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Ends the daemon; its clones go on running and are the caller's to end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
