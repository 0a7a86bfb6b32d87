package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A server that was started by this daemon or adopted from an earlier one. Thread-safe. */
public interface RunningServer {
  /** To be recorded by the daemon: how a later one finds this server again. */
  ProcessIdentity identity();

  /** The unix socket itself. */
  Path socket();

  boolean isRunning();

  /**
   * Completes when no process of the server is left, however it ended; exceptionally if what it
   * left could not be cleared away.
   */
  CompletableFuture<Void> onExit();

  /**
   * Ends the sessions with 57P01, writes a shutdown checkpoint and stops; after the timeout kills
   * everything in the sandbox. When this returns no process of the server is left.
   *
   * @return true if the shutdown was clean
   */
  boolean stop(Duration timeout) throws InterruptedException;

  /**
   * Lets every process of the server, and what it has started, stand still until the result is
   * closed. A daemon that dies before is followed by one that lets them go on when it takes the
   * server over.
   *
   * @throws IOException if they do not stop within {@code patience}; they go on then
   */
  Stillness freeze(Duration patience) throws IOException, InterruptedException;

  /** Processes that stand still. */
  interface Stillness extends AutoCloseable {
    @Override
    void close();
  }

  /** Kills everything in the sandbox at once, without a checkpoint. Waits for the end. */
  void kill() throws InterruptedException;
}
