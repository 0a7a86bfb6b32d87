package dev.understudy.cloner.dump;

import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** Restores the dump of one database, section by section. */
final class DatabaseRestore {
  private static final List<String> SECTIONS = List.of("pre-data", "data", "post-data");
  private static final String FULL = "No space left on device";

  private final Tools tools;
  private final FreshCluster cluster;
  private final int jobs;
  private final String database;
  private final Path dump;

  /**
   * @param dump the directory; lists are written beside it
   */
  DatabaseRestore(Tools tools, FreshCluster cluster, int jobs, String database, Path dump) {
    this.tools = tools;
    this.cluster = cluster;
    this.jobs = jobs;
    this.database = database;
    this.dump = dump;
  }

  /**
   * Restores it, and tells what could not be.
   *
   * @param contents what of the archive's list is restored
   */
  List<LeftOut> run(Function<List<String>, TableOfContents> contents, Runnable look)
      throws SourceException, IOException, InterruptedException {
    TableOfContents entries = contents.apply(list());
    Path list = dump.resolveSibling("restored.list");
    Files.write(list, entries.restored());
    List<LeftOut> failures = new ArrayList<>();
    for (String section : SECTIONS) {
      failures.addAll(restore(section, list, entries, List.of(), look));
    }
    if (!entries.ownerless().isEmpty()) {
      Files.write(list, entries.ownerless());
      failures.addAll(restore("post-data", list, entries, List.of("--no-owner"), look));
    }
    return failures;
  }

  private List<String> list() throws SourceException, IOException, InterruptedException {
    Path file = dump.resolveSibling("archive.list");
    Deque<String> said = new ArrayDeque<>();
    int status =
        new ClientTool(tools.home(), cluster.environment())
            .run(
                "pg_restore",
                List.of("--list", dump.toString()),
                ProcessBuilder.Redirect.to(file.toFile()),
                said::add,
                () -> {});
    if (status != 0) {
      throw new SourceException(
          Kind.COPY,
          "the dump of database %s cannot be read".formatted(database),
          String.join("\n", said),
          "See that the disk here is sound, and that pg_dump and pg_restore are of one"
              + " installation; the dump is begun again.");
    }
    // In whatever encoding names are: only the numbers before them count.
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }

  private List<LeftOut> restore(
      String section, Path list, TableOfContents entries, List<String> more, Runnable look)
      throws SourceException, IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--dbname=" + Access.connectionString(database));
    arguments.add("--section=" + section);
    arguments.add("--use-list=" + list);
    if (!section.equals("pre-data")) {
      arguments.add("--jobs=" + jobs);
    }
    // It tells which entry an error is of only if it tells all that it does.
    arguments.addAll(List.of("--no-tablespaces", "--no-password", "--verbose"));
    arguments.addAll(more);
    if (tools.statistics() != null) {
      arguments.add(tools.statistics());
    }
    arguments.add(dump.toString());
    RestoreErrors errors =
        new RestoreErrors(
            database, number -> entries.names().getOrDefault(number, "entry " + number));
    int status =
        new ClientTool(tools.home(), cluster.environment())
            .run("pg_restore", arguments, errors::line, look);
    boolean full =
        errors.failures(status).stream().anyMatch(failure -> failure.action().contains(FULL));
    if (full || errors.last(status).contains(FULL)) {
      throw new SourceException(
          Kind.SPACE,
          "the pool became full while the dump of production was restored",
          errors.last(status),
          "Enlarge the file system of the data directory.");
    }
    if (!errors.isFinished(status)) {
      throw new SourceException(
          Kind.COPY,
          "the dump of database %s could not be restored".formatted(database),
          errors.last(status),
          "What pg_restore said is all there is to know; where it is memory or disk, give it more."
              + " The dump is begun again.");
    }
    return errors.failures(status);
  }
}
