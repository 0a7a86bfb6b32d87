package dev.understudy.benchmarks;

import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.testing.Daemon;
import dev.understudy.testing.LoopImage;
import dev.understudy.testing.Processes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a clone costs: the time to make it and the storage that is its own. */
@Command(
    name = "clone-cost",
    mixinStandardHelpOptions = true,
    description = {
      "Makes clones of productions of several sizes on a btrfs file system made for the run, and",
      "measures how long the copy takes and how many bytes are each clone's own: fresh, and after",
      "every row of every table has been read. Needs root, btrfs-progs and some 4 bytes of disk a",
      "byte of production."
    })
final class CloneCost implements Callable<Integer> {
  /** Total, exclusive, and what others share with the set. */
  private static final Pattern DU_LINE =
      Pattern.compile("^\\s*\\d+\\s+(\\d+)\\s", Pattern.MULTILINE);

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "0.1,1,5",
      description = "sizes of production in GB (default: ${DEFAULT-VALUE})")
  private double[] sizes = {};

  @Option(
      names = "--clones",
      defaultValue = "10",
      description = "made of each (default: ${DEFAULT-VALUE})")
  private int clones;

  @Option(
      names = "--require",
      description = {
        "exits with 1 where the copy of the largest production takes",
        CloneCostLimits.FACTOR
            + " times the smallest's and "
            + CloneCostLimits.NOISE_MILLISECONDS
            + " ms (medians),",
        "a fresh clone has " + CloneCostLimits.FRESH_MEGABYTES + " MB of its own,",
        "one of which all was read " + CloneCostLimits.READ_MEGABYTES + " MB,",
        "ten of the largest production " + CloneCostLimits.TEN_PERCENT + " % of it, or more"
      })
  private boolean required;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/target/clone-cost",
      description = "path of the results without .md and .json (default: ${DEFAULT-VALUE})")
  private Path output = Path.of("");

  /**
   * One clone.
   *
   * @param copyMillis of the copy alone
   * @param madeMillis of the copy, its configuration and the start of its server
   * @param fresh bytes of its own once it runs
   * @param read bytes of its own once all tables have been read
   */
  record Cost(long copyMillis, long madeMillis, long fresh, long read) {}

  /** All clones of a production of one size, in bytes. */
  record Result(long production, List<Cost> clones) {}

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    List<Result> results = new ArrayList<>();
    for (double size : sizes) {
      Path scratch = Files.createTempDirectory("understudy-benchmark-");
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
      try {
        results.add(measure(size, scratch));
      } finally {
        Processes.run("rm", "-r", scratch.toString());
      }
    }
    Report.write(output, table(results), results);
    return Limits.tell(required ? CloneCostLimits.exceeded(results) : List.of());
  }

  private Result measure(double size, Path scratch)
      throws IOException, InterruptedException, SQLException {
    Path home = EmbeddedBinaries.unpack(scratch);
    long megabytes = Math.round((2.5 * size + 10) * 1024);
    try (Production production = Production.create(scratch.resolve("production"), home, size);
        LoopImage image = LoopImage.create(scratch, LoopImage.Type.BTRFS, megabytes);
        Clones data = new Clones(image.mountPoint().resolve("understudy"));
        Daemon daemon = Daemon.start(scratch, data.dataDirectory(), settings(home, production))) {
      DaemonLog.showSource(daemon);
      List<Cost> costs = new ArrayList<>();
      for (int clone = 0; clone < clones; clone++) {
        costs.add(makeAndRead(daemon, data.dataDirectory().resolve("clones"), "c-" + clone));
      }
      return new Result(production.bytes(), costs);
    }
  }

  private static Cost makeAndRead(Daemon daemon, Path clones, String name)
      throws IOException, InterruptedException, SQLException {
    Set<Path> before = list(clones);
    try (Connection connection = connect(daemon, name);
        Statement statement = connection.createStatement()) {
      var made = DaemonLog.lastMade(daemon);
      Set<Path> added = list(clones);
      added.removeAll(before);
      Path tree = added.iterator().next().resolve("data");
      long fresh = own(tree);
      for (String table : tables(statement)) {
        statement.executeQuery("SELECT count(*) FROM " + table).close();
      }
      return new Cost(
          Long.parseLong(made.group(3)), Long.parseLong(made.group(2)), fresh, own(tree));
    }
  }

  private static Connection connect(Daemon daemon, String name) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "app");
    properties.setProperty("password", Production.PASSWORD);
    properties.setProperty("sslmode", "disable");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + daemon.port() + "/shop%40" + name, properties);
  }

  /** The system's tables, too, as far as everybody may read them. */
  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm')"
                + " AND has_table_privilege(oid, 'SELECT')")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /** Bytes that the tree shares with nobody, all that is written being on disk. */
  private static long own(Path tree) throws IOException, InterruptedException {
    Processes.run("sync", "-f", tree.toString());
    String usage = Processes.run("btrfs", "filesystem", "du", "-s", "--raw", tree.toString());
    Matcher columns = DU_LINE.matcher(usage);
    if (!columns.find()) {
      throw new IOException("btrfs filesystem du says:\n" + usage);
    }
    return Long.parseLong(columns.group(1));
  }

  private static Set<Path> list(Path directory) throws IOException {
    Set<Path> paths = new HashSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(paths::add);
    }
    return paths;
  }

  private static String settings(Path home, Production production) {
    return """
    postgresql.binaries = ["%s"]
    sources.prod { type = directory, directory = "%s", spares = 0 }
    environments."c-*" { source = prod, database = shop }
    """
        .formatted(home, production.server().dataDirectory());
  }

  private static String table(List<Result> results) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append(
        "What a clone costs on btrfs: median (max) of each.%nMachine: %s.%n%n"
            .formatted(Report.machine()));
    table.append(
        "| production | copy, ms | made, ms | own storage, fresh | after reading all | all clones"
            + " together |\n|---|---|---|---|---|---|\n");
    for (Result result : results) {
      List<Cost> clones = result.clones();
      long together = clones.stream().mapToLong(Cost::read).sum();
      table.append(
          String.format(
              Locale.ROOT,
              "| %.1f GB | %s | %s | %s | %s | %d clones: %.1f MiB, %.3f %% of production |%n",
              result.production() / 1e9,
              Sample.ofNanos(
                  clones.stream().mapToLong(cost -> cost.copyMillis() * 1_000_000).toArray()),
              Sample.ofNanos(
                  clones.stream().mapToLong(cost -> cost.madeMillis() * 1_000_000).toArray()),
              mebibytes(clones.stream().mapToLong(Cost::fresh).sorted().toArray()),
              mebibytes(clones.stream().mapToLong(Cost::read).sorted().toArray()),
              clones.size(),
              together / 1048576.0,
              100.0 * together / result.production()));
    }
    return table.toString();
  }

  private static String mebibytes(long[] sorted) {
    return String.format(
        Locale.ROOT,
        "%.2f MiB (max %.2f)",
        sorted[sorted.length / 2] / 1048576.0,
        sorted[sorted.length - 1] / 1048576.0);
  }
}
