package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.DirectoryWatch;
import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.sandbox.Confinement;
import dev.understudy.cloner.sandbox.Inside;
import dev.understudy.cloner.sandbox.Sandbox;
import dev.understudy.cloner.sandbox.SandboxedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One start of one server, from a stopped data directory to the first session it would take. */
final class ServerStart {
  private final ServerSpec spec;
  private final Sandbox sandbox;
  private final Account account;
  private final KnownSettings known;
  private final DirectoryWatch directories;
  private final SocketDirectory sockets;

  /** Makes the object that stands for the server, and watches it from then on. */
  interface Watched {
    RunningServer of(
        ServerSpec spec, ProcessIdentity identity, PidFd first, CompletableFuture<Void> outerExit)
        throws IOException;
  }

  ServerStart(
      ServerSpec spec,
      Sandbox sandbox,
      Account account,
      KnownSettings known,
      DirectoryWatch directories) {
    this.spec = spec;
    this.sandbox = sandbox;
    this.account = account;
    this.known = known;
    this.directories = directories;
    this.sockets = new SocketDirectory(spec.socketDirectory(), account);
  }

  RunningServer run(
      Consumer<ProcessIdentity> beforeStart, Duration timeout, Watched watched, Ender ender)
      throws IOException, ServerException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    sockets.make();
    makeLog();
    // A server that was killed leaves it, and the pids of a namespace repeat.
    Files.deleteIfExists(spec.dataDirectory().resolve(PostmasterStatus.FILE));
    LogTail log = LogTail.fromNow(spec.logFile());
    SandboxedProcess process = spawn(log, timeout);
    boolean started = false;
    try {
      beforeStart.accept(process.identity());
      RunningServer server = awaitReady(process, watched, deadline, log);
      started = true;
      return server;
    } finally {
      if (!started) {
        ender.end(process);
      }
    }
  }

  private SandboxedProcess spawn(LogTail log, Duration timeout)
      throws ServerException, InterruptedException {
    Confinement confinement =
        new Confinement(
            spec.binaries().home(), spec.dataDirectory(), sockets.inner(), account, spec.reach());
    try {
      return SandboxedProcess.start(
          sandbox,
          confinement,
          command(sandbox.inside(confinement)),
          ProcessBuilder.Redirect.appendTo(spec.logFile().toFile()),
          timeout);
    } catch (IOException e) {
      throw ServerException.of(e, log);
    }
  }

  private RunningServer awaitReady(
      SandboxedProcess process, Watched watched, long deadline, LogTail log)
      throws IOException, ServerException, InterruptedException {
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    Path data = spec.dataDirectory();
    Runnable look =
        () -> {
          if (PostmasterStatus.isReady(data)) {
            ready.complete(true);
          }
        };
    try (DirectoryWatch.Registration _ = directories.watch(data, look)) {
      var _ = process.outerExit().thenRun(() -> ready.complete(false));
      process.go();
      if (!ready.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new ServerException("the server ended while it started", log.read());
      }
    } catch (TimeoutException e) {
      throw new ServerException("the server was not ready in time", log.read());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    sockets.publish();
    return watched.of(spec, process.identity(), process.handle(), process.outerExit());
  }

  private List<String> command(Inside inside) {
    List<String> command = new ArrayList<>();
    command.add(inside.home().resolve("bin/postgres").toString());
    command.add("-D");
    command.add(inside.data().toString());
    Map<String, String> settings = QuietSettings.of(inside, known, spec.critical());
    settings.keySet().removeAll(spec.concealed().keySet());
    settings.forEach((name, value) -> {
      command.add("-c");
      command.add(name + "=" + value);
    });
    return command;
  }

  private void makeLog() throws IOException {
    if (!Files.exists(spec.logFile(), LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(
          spec.logFile(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }
}
