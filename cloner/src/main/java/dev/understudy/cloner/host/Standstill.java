package dev.understudy.cloner.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process and all below it stand still (SIGSTOP) until this is closed. Where this process dies
 * before, {@link #end} lets another one continue them.
 */
public final class Standstill implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofNanos(200_000);

  /** Of the listing of processes: the second one finds what was begun during the first. */
  private static final int PASSES = 2;

  private final Map<ProcessIdentity, PidFd> stopped = new HashMap<>();

  private Standstill() {}

  /**
   * Returns when none of them runs, and none can begin to.
   *
   * @param eldest the first process of a pid namespace is not stopped itself: it only waits
   * @throws IOException also if that takes longer than {@code patience}; then all go on
   */
  public static Standstill of(ProcessIdentity eldest, Duration patience)
      throws IOException, InterruptedException {
    Standstill still = new Standstill();
    boolean complete = false;
    try {
      still.stop(eldest, System.nanoTime() + patience.toNanos());
      complete = true;
      return still;
    } finally {
      if (!complete) {
        still.close();
      }
    }
  }

  private void stop(ProcessIdentity eldest, long deadline)
      throws IOException, InterruptedException {
    int quietPasses = 0;
    while (quietPasses < PASSES) {
      quietPasses = pass(family(eldest)) ? quietPasses + 1 : 0;
      if (quietPasses == 0) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the processes did not all stop in time");
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
  }

  /** True if all of them stood still already. */
  private boolean pass(List<ProcessStat> family) throws IOException {
    boolean quiet = true;
    for (ProcessStat process : family) {
      if (!stopped.containsKey(process.identity())) {
        Optional<PidFd> handle = PidFd.open(process.identity());
        if (handle.isPresent()) {
          stopped.put(process.identity(), handle.get());
          handle.get().send(Signal.STOP);
        }
        quiet = false;
      } else if (!isStopped(process.pid())) {
        quiet = false;
      }
    }
    return quiet;
  }

  /** Every thread: the main one may stop while another is still in the kernel, writing. */
  private static boolean isStopped(long pid) {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        ProcessStat stat = ProcessStat.parse(Files.readString(thread.resolve("stat"), ISO_8859_1));
        if (!stat.isStopped() && !stat.isZombie()) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // it has just ended; the next pass does not find it
    }
  }

  /** Lets all go on that stand still, whoever stopped them. */
  public static void end(ProcessIdentity eldest) throws IOException {
    for (ProcessStat process : family(eldest)) {
      if (process.isStopped()) {
        Optional<PidFd> handle = PidFd.open(process.identity());
        if (handle.isPresent()) {
          try (PidFd held = handle.get()) {
            held.send(Signal.CONT);
          }
        }
      }
    }
  }

  private static List<ProcessStat> family(ProcessIdentity eldest) {
    return ProcessStat.of(eldest.pid())
        .filter(stat -> stat.identity().equals(eldest))
        .map(stat ->
            ProcessTree.family(stat).stream()
                .filter(
                    one -> one.pid() != stat.pid() || !ProcessTree.isFirstOfNamespace(one.pid()))
                .toList())
        .orElse(List.of());
  }

  /** Lets all of them go on that have not ended. */
  @Override
  public void close() {
    try {
      letGo(stopped.values());
    } finally {
      stopped.clear();
    }
  }

  /** Each of them, also where one cannot be told to; closes the handles. */
  static void letGo(Collection<PidFd> processes) {
    IllegalStateException failure = null;
    for (PidFd process : processes) {
      try (process) {
        process.send(Signal.CONT);
      } catch (SystemCallException e) {
        if (failure == null) {
          failure = new IllegalStateException("a process of our own cannot be told to go on", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
