package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.Signal;
import dev.understudy.cloner.host.Standstill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server that accepts, or did. */
final class PostgresServer implements RunningServer {
  private final ProcessIdentity identity;
  private final PidFd first;
  private final PidFd postmaster;
  private final Path socket;
  private final Path data;
  private final CompletableFuture<Void> exit;

  /**
   * @param first the process whose end is the end of all; closed by others, after the exit
   * @param postmaster may be the same; likewise
   */
  PostgresServer(
      ProcessIdentity identity,
      PidFd first,
      PidFd postmaster,
      Path socket,
      Path data,
      CompletableFuture<Void> exit) {
    this.identity = requireNonNull(identity, "identity is null");
    this.first = requireNonNull(first, "first is null");
    this.postmaster = requireNonNull(postmaster, "postmaster is null");
    this.socket = requireNonNull(socket, "socket is null");
    this.data = requireNonNull(data, "data is null");
    this.exit = requireNonNull(exit, "exit is null");
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public boolean isRunning() {
    return !exit.isDone();
  }

  @Override
  public CompletableFuture<Void> onExit() {
    return exit.copy();
  }

  @Override
  public boolean stop(Duration timeout) throws InterruptedException {
    send(postmaster, Signal.INT);
    if (!await(timeout)) {
      kill();
      return false;
    }
    try {
      return PgControl.read(data).isShutDown();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Stillness freeze(Duration patience) throws IOException, InterruptedException {
    return Standstill.of(identity, patience)::close;
  }

  @Override
  public void kill() throws InterruptedException {
    send(first, Signal.KILL);
    // SIGKILL cannot be refused; only a process in uninterruptible I/O makes this long.
    try {
      exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean await(Duration timeout) throws InterruptedException {
    try {
      exit.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(PidFd process, Signal signal) {
    try {
      process.send(signal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "server of " + data + ", pid " + identity.pid();
  }
}
