package dev.understudy.cloner.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.ProcessStat;
import dev.understudy.cloner.host.ProcessTree;
import dev.understudy.cloner.host.Signal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A command that was started in a sandbox. It waits for {@link #go} first, and ends by itself where
 * this process dies before.
 */
public final class SandboxedProcess {
  /** A clone is what the kernel should take first when memory runs out. */
  private static final String OOM_SCORE = "500";

  private final Process outer;
  private final ProcessIdentity identity;
  private final PidFd handle;

  private SandboxedProcess(Process outer, ProcessIdentity identity, PidFd handle) {
    this.outer = outer;
    this.identity = identity;
    this.handle = handle;
  }

  /**
   * Returns when everything around the command is made.
   *
   * @param errors where stderr, and after go stdout, goes
   * @throws IOException where the sandbox could not be made; {@code errors} has the reason
   */
  public static SandboxedProcess start(
      Sandbox sandbox,
      Confinement confinement,
      List<String> command,
      ProcessBuilder.Redirect errors,
      Duration timeout)
      throws IOException, InterruptedException {
    sandbox.prepare(confinement);
    ProcessBuilder builder = new ProcessBuilder(sandbox.command(confinement, command));
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    Process outer = builder.redirectError(errors).start();
    try {
      awaitReady(outer, timeout);
      return identify(sandbox, outer);
    } catch (IOException | InterruptedException | RuntimeException e) {
      abandon(outer);
      throw e;
    }
  }

  private static void awaitReady(Process outer, Duration timeout)
      throws IOException, InterruptedException {
    CompletableFuture<String> line = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(outer.getInputStream(), UTF_8));
        String read = reader.readLine();
        line.complete(read == null ? "" : read);
      } catch (IOException e) {
        line.completeExceptionally(e);
      }
    });
    try {
      String read = line.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!read.equals(Init.READY)) {
        throw new IOException("the sandbox could not be made" + status(outer));
      }
    } catch (TimeoutException e) {
      throw new IOException("the sandbox was not made within " + timeout, e);
    } catch (ExecutionException e) {
      throw new IOException("the sandbox could not be made", e);
    }
  }

  /** Whether it gave up or was killed, where that is known. */
  private static String status(Process outer) throws InterruptedException {
    return outer.waitFor(1, TimeUnit.SECONDS) ? ", exit status " + outer.exitValue() : "";
  }

  private static SandboxedProcess identify(Sandbox sandbox, Process outer) throws IOException {
    ProcessStat stat;
    if (sandbox.isolates()) {
      List<ProcessStat> children = ProcessTree.children(outer.pid());
      if (children.size() != 1 || !ProcessTree.isFirstOfNamespace(children.getFirst().pid())) {
        throw new IOException("the sandbox has no pid namespace of its own");
      }
      stat = children.getFirst();
    } else {
      stat =
          ProcessStat.of(outer.pid())
              .orElseThrow(() -> new IOException("the server's process has ended"));
    }
    ProcessIdentity identity = stat.identity();
    PidFd handle =
        PidFd.open(identity).orElseThrow(() -> new IOException("the server's process has ended"));
    try {
      Files.writeString(Path.of("/proc/" + stat.pid() + "/oom_score_adj"), OOM_SCORE);
    } catch (IOException e) {
      // Some containers forbid it; then all processes are alike to the kernel.
    }
    return new SandboxedProcess(outer, identity, handle);
  }

  /** Of the process that waits: inside, the one whose end is the end of all. */
  public ProcessIdentity identity() {
    return identity;
  }

  /** To be closed by whoever waits for the end. */
  public PidFd handle() {
    return handle;
  }

  /** Completes when the process that makes the sandbox, outside of it, has ended. */
  public CompletableFuture<Void> outerExit() {
    return outer.onExit().thenAccept(process -> {});
  }

  /** What that process ended with: the command's own status, where the command came that far. */
  public CompletableFuture<Integer> status() {
    return outer.onExit().thenApply(Process::exitValue);
  }

  /** Lets the command begin, and lets go of both pipes. */
  public void go() throws IOException {
    try (OutputStream stdin = outer.getOutputStream()) {
      stdin.write((Init.GO + "\n").getBytes(UTF_8));
    }
    outer.getInputStream().close();
  }

  /** Kills it, before or after go. */
  public void kill() throws IOException {
    handle.send(Signal.KILL);
    abandon(outer);
  }

  private static void abandon(Process outer) {
    outer.destroyForcibly();
    closeQuietly(outer.getOutputStream());
    closeQuietly(outer.getInputStream());
  }

  private static void closeQuietly(AutoCloseable stream) {
    try {
      stream.close();
    } catch (Exception e) {
      // The other end has gone, which is what is wanted.
    }
  }
}
