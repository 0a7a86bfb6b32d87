package dev.understudy.proxy.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Listens on a unix socket as a clone does and plays a script with everyone who connects. */
public final class ScriptedServer implements AutoCloseable {
  private final Path directory;
  private final ServerSocketChannel listener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile Script script;

  public ScriptedServer(Script script) throws IOException {
    this.script = script;
    this.directory = Files.createTempDirectory("scripted");
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket()), 512);
    threads.execute(this::accept);
  }

  public Path socket() {
    return directory.resolve(".s.PGSQL.5432");
  }

  /** For connections from now on. */
  public void play(Script next) {
    script = next;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = listener.accept();
        Script current = script;
        threads.execute(() -> play(current, connection));
      }
    } catch (ClosedChannelException e) {
      // The test is over.
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private void play(Script current, SocketChannel connection) {
    try (Wire wire = new Wire(connection)) {
      current.play(wire);
    } catch (InterruptedException | ClosedByInterruptException e) {
      // Only close() interrupts: the test is over.
    } catch (Exception | AssertionError e) {
      failures.add(e);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
    Files.deleteIfExists(socket());
    Files.delete(directory);
    if (!failures.isEmpty()) {
      throw new AssertionError("the script failed", failures.peek());
    }
  }

  /** One connection, until it returns. */
  @FunctionalInterface
  public interface Script {
    void play(Wire wire) throws Exception;
  }
}
