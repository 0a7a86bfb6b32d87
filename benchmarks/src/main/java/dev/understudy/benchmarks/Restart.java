package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A daemon that is started after another one with the same environments was killed. Times are
 * nanoseconds from the start of the launcher, so that the launcher and the JVM are part of them.
 *
 * @param login until a client that tries again and again has logged in to an environment that ran
 * @param ready until the daemon says so
 * @param servers that ran when the other one was killed
 * @param adopted those of them that still run then
 */
record Restart(long login, long ready, long servers, long adopted) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(5);

  private record Started(Daemon daemon, long after) {}

  /**
   * Kills one, and ends the next one when that is measured.
   *
   * @param settings of the one that is killed
   * @param database of an environment whose server runs
   */
  static Restart measure(
      Daemon daemon, Path directory, Path dataDirectory, String settings, String database)
      throws IOException, InterruptedException {
    daemon.kill();
    Set<Long> servers = Daemon.servers(dataDirectory);
    String onSamePort = settings + "\nlisten.port = " + daemon.port();
    long begin = System.nanoTime();
    FutureTask<Started> starting =
        new FutureTask<>(() -> {
          Daemon next = Daemon.start(directory, dataDirectory, onSamePort);
          return new Started(next, System.nanoTime() - begin);
        });
    Thread.ofPlatform().name("restart").start(starting);
    try {
      long login = firstLogin(daemon, database, begin, starting);
      long ready = started(starting).after();
      Set<Long> still = Daemon.servers(dataDirectory);
      return new Restart(
          login, ready, servers.size(), servers.stream().filter(still::contains).count());
    } finally {
      started(starting).daemon().close();
    }
  }

  private static long firstLogin(
      Daemon daemon, String database, long begin, FutureTask<Started> starting)
      throws IOException, InterruptedException {
    while (true) {
      try {
        WireClient.login(daemon.address(), "app", database, Production.PASSWORD);
        return System.nanoTime() - begin;
      } catch (IOException e) {
        if (starting.isDone()) {
          started(starting); // it may have failed
        }
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw e;
        }
        Thread.sleep(BETWEEN_TRIES);
      }
    }
  }

  private static Started started(FutureTask<Started> starting)
      throws IOException, InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new IOException("the daemon has not started again", e);
    }
  }
}
