package dev.understudy.cloner.dump;

import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** One database of production, dumped into a directory. */
final class DatabaseDump {
  private static final int LINES = 20;
  private static final int AGAIN = 10;
  private static final String LOCK_WAIT = "300000";
  private static final int SIGNALLED = 128;

  private final Tools tools;
  private final Access access;
  private final int jobs;

  DatabaseDump(Tools tools, Access access, int jobs) {
    this.tools = tools;
    this.access = access;
    this.jobs = jobs;
  }

  /**
   * Dumps it; the directory must not exist.
   *
   * @param look called now and then meanwhile
   */
  void run(String database, Path directory, Runnable look)
      throws SourceException, IOException, InterruptedException {
    Deque<String> said = new ArrayDeque<>();
    int status = run(database, directory, said, look);
    for (int again = 0; again < AGAIN && status != 0 && isTableGone(said); again++) {
      said.clear();
      status = run(database, directory, said, look);
    }
    if (status != 0) {
      throw failed(database, status, String.join("\n", said));
    }
  }

  private int run(String database, Path directory, Deque<String> said, Runnable look)
      throws IOException, InterruptedException {
    return new ClientTool(tools.home(), access.environment())
        .run(
            "pg_dump",
            arguments(database, directory),
            line -> {
              said.add(line);
              if (said.size() > LINES) {
                said.remove();
              }
            },
            look);
  }

  /**
   * A table was dropped between its mention in the catalog and its lock. Nothing has been dumped
   * then, and where tables come and go it happens easily.
   */
  private static boolean isTableGone(Deque<String> said) {
    return said.stream().anyMatch(line -> line.contains("does not exist"))
        && said.stream().anyMatch(line -> line.contains("LOCK TABLE"));
  }

  private List<String> arguments(String database, Path directory) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--dbname=" + Access.connectionString(database));
    arguments.add("--format=directory");
    arguments.add("--file=" + directory);
    arguments.add("--jobs=" + jobs);
    arguments.add("--compress=1");
    arguments.add("--lock-wait-timeout=" + LOCK_WAIT);
    arguments.addAll(
        List.of(
            "--no-subscriptions",
            "--no-publications",
            "--no-security-labels",
            "--no-password",
            "--no-sync"));
    if (tools.statistics() != null) {
      arguments.add(tools.statistics());
    }
    return arguments;
  }

  /** By a signal, of which Java makes 128 and its number. */
  private static boolean isKilled(int status, String said) {
    return status > SIGNALLED || said.contains("worker process died unexpectedly");
  }

  private static SourceException failed(String database, int status, String said) {
    if (said.contains("No space left on device")) {
      return new SourceException(
          Kind.SPACE,
          "the pool became full while production was dumped",
          said,
          "Enlarge the file system of the data directory.");
    }
    String hint = "It is tried again by itself; production's log may have more.";
    if (isKilled(status, said)) {
      hint =
          "Something killed pg_dump, or one of its workers. If nobody here did, this host was out"
              + " of memory, which its kernel's log (dmesg) would say. It is tried again by"
              + " itself.";
    } else if (said.contains("lock timeout")) {
      hint =
          "Somebody holds a lock on a table for minutes; choose another time in"
              + " snapshots.schedule of the source.";
    } else if (said.contains("could not obtain lock on relation")) {
      hint =
          "Somebody wanted to change a table while it was dumped; choose another time in"
              + " snapshots.schedule of the source, or jobs = 1, which lets others wait.";
    } else if (said.contains("conflict with recovery")) {
      hint =
          "The standby ended it for the sake of replay: raise its max_standby_streaming_delay, or"
              + " dump the primary.";
    } else if (said.contains("row-level security")) {
      hint = "ALTER ROLE ... BYPASSRLS; for the role of url.";
    }
    return new SourceException(
        Kind.COPY,
        "database %s of production could not be dumped".formatted(database),
        said.isEmpty() ? "pg_dump ended with status %d.".formatted(status) : said,
        hint);
  }
}
