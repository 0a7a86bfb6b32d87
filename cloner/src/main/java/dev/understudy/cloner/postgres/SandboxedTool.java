package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.sandbox.Confinement;
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
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A program that works in a directory, in a sandbox. */
public final class SandboxedTool implements AutoCloseable {
  /** Where there is no sandbox, it is found by the directory that it works in. */
  private static final String IN_DATA = "cd \"$1\" && shift && exec \"$@\"";

  private final SandboxedProcess process;
  private final CompletableFuture<Integer> status;
  private final LogTail log;
  private final Ender ender;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SandboxedTool(SandboxedProcess process, LogTail log, Ender ender) {
    this.process = process;
    this.status = process.status();
    this.log = log;
    this.ender = ender;
  }

  static SandboxedTool start(
      Sandbox sandbox,
      Confinement confinement,
      List<String> command,
      Path logFile,
      Consumer<ProcessIdentity> beforeStart,
      Ender ender,
      Duration timeout)
      throws IOException, InterruptedException {
    requireNonNull(command, "command is null");
    if (!Files.exists(logFile, LinkOption.NOFOLLOW_LINKS)) {
      Files.createFile(
          logFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    LogTail log = LogTail.fromNow(logFile);
    List<String> all =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                IN_DATA,
                "understudy-tool",
                sandbox.inside(confinement).data().toString()));
    all.addAll(command);
    SandboxedProcess process;
    try {
      process =
          SandboxedProcess.start(
              sandbox,
              confinement,
              all,
              ProcessBuilder.Redirect.appendTo(logFile.toFile()),
              timeout);
    } catch (IOException e) {
      throw new IOException((e.getMessage() + "\n" + log.read()).strip(), e);
    }
    SandboxedTool tool = new SandboxedTool(process, log, ender);
    boolean begun = false;
    try {
      beforeStart.accept(process.identity());
      process.go();
      begun = true;
      return tool;
    } finally {
      if (!begun) {
        tool.close();
      }
    }
  }

  /** Its exit status; empty if it has not ended within the time. */
  public OptionalInt await(Duration timeout) throws InterruptedException {
    try {
      return OptionalInt.of(status.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return OptionalInt.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The last lines of what it has said so far. */
  public String said() {
    return log.read();
  }

  /** Kills it if it still runs. When this returns, it and all that it has started have ended. */
  @Override
  public void close() throws IOException {
    if (!closed.getAndSet(true)) {
      ender.end(process);
    }
  }
}
