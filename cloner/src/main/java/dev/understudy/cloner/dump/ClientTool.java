package dev.understudy.cloner.dump;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One of PostgreSQL's client programs. It ends when we do: the kernel then sends it SIGTERM, at
 * which it cancels what it has running at the server.
 */
final class ClientTool {
  private static final Duration LONGEST = Duration.ofDays(3);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration GOODBYE = Duration.ofSeconds(10);

  private final Path home;
  private final Map<String, String> environment;

  /**
   * @param home of the PostgreSQL installation
   * @param environment what leads to the server; may be secret
   */
  ClientTool(Path home, Map<String, String> environment) {
    this.home = requireNonNull(home, "home is null");
    this.environment = Map.copyOf(environment);
  }

  /**
   * Runs it. When this returns, however, no process of it is left; an interrupt ends it.
   *
   * @param errors gets each line of stderr, in a thread of its own that has ended before
   * @param look called now and then meanwhile
   * @return its exit status
   */
  int run(String name, List<String> arguments, Consumer<String> errors, Runnable look)
      throws IOException, InterruptedException {
    return run(name, arguments, ProcessBuilder.Redirect.DISCARD, errors, look);
  }

  /** As {@link #run}, with stdout to a file. */
  int run(
      String name,
      List<String> arguments,
      ProcessBuilder.Redirect output,
      Consumer<String> errors,
      Runnable look)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command(name, arguments));
    builder.directory(Path.of("/").toFile());
    Map<String, String> inherited = new HashMap<>(builder.environment());
    builder.environment().clear();
    for (String kept : List.of("PATH", "HOME")) {
      if (inherited.containsKey(kept)) {
        builder.environment().put(kept, inherited.get(kept));
      }
    }
    // What it says is understood in English.
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(output);
    CompletableFuture<Process> started = new CompletableFuture<>();
    CompletableFuture<Void> read = new CompletableFuture<>();
    // The kernel counts the thread that starts it as its parent: one that outlives it.
    Thread parent =
        Thread.ofPlatform().daemon().name(name).start(() -> parent(builder, started, errors, read));
    Process process;
    try {
      process = started.join();
    } catch (CompletionException e) {
      throw new IOException(name + " cannot be started", e.getCause());
    }
    await(name, process, parent, look);
    if (!read.isDone() || read.isCompletedExceptionally()) {
      throw new IOException(
          "what %s says cannot be read".formatted(name),
          read.isDone() ? read.exceptionNow() : null);
    }
    return process.exitValue();
  }

  private List<String> command(String name, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM"));
    command.add(home.resolve("bin").resolve(name).toString());
    command.addAll(arguments);
    return command;
  }

  private static void parent(
      ProcessBuilder builder,
      CompletableFuture<Process> started,
      Consumer<String> errors,
      CompletableFuture<Void> read) {
    try {
      Process process = builder.start();
      started.complete(process);
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
        lines.lines().forEach(errors);
      }
      read.complete(null);
      process.waitFor();
    } catch (IOException | RuntimeException | InterruptedException e) {
      started.completeExceptionally(e);
      read.completeExceptionally(e);
    }
  }

  /** Its workers are processes of their own, and only while it lives are they known as its. */
  private static void await(String name, Process process, Thread parent, Runnable look)
      throws IOException, InterruptedException {
    Set<ProcessHandle> workers = new HashSet<>();
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try {
      while (process.isAlive()) {
        process.descendants().forEach(workers::add);
        look.run();
        if (System.nanoTime() > deadline) {
          throw new IOException(name + " does not end");
        }
        process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      end(process, workers, parent);
    }
  }

  /** By its handle, which leaves its pipes open: what it said last may still be unread. */
  private static void end(Process process, Set<ProcessHandle> workers, Thread parent) {
    boolean interrupted = Thread.interrupted();
    process.descendants().forEach(workers::add);
    process.toHandle().destroy();
    interrupted |= !joined(() -> process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS));
    process.toHandle().destroyForcibly();
    workers.forEach(ProcessHandle::destroyForcibly);
    interrupted |= !joined(() -> parent.join(GOODBYE));
    process.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Something that waits, but not for long. */
  @FunctionalInterface
  private interface Wait {
    boolean run() throws InterruptedException;
  }

  /** False where it was interrupted. */
  private static boolean joined(Wait wait) {
    try {
      var _ = wait.run();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
