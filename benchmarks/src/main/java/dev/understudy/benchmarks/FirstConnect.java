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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** First connect to a new environment, phase by phase, beside the floor. */
@Command(
    name = "first-connect",
    mixinStandardHelpOptions = true,
    description = {
      "Connects to environments that do not exist yet, for productions of several sizes on a btrfs",
      "file system made for the run, and does the same copy, server start and connect without",
      "Understudy in turn. Needs root, btrfs-progs and some 5 bytes of disk a byte of production."
    })
final class FirstConnect implements Callable<Integer> {
  private static final int WARM_UP_ROUNDS = 3;

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "1,5",
      description = "sizes of production in GB (default: ${DEFAULT-VALUE})")
  private int[] sizes = {};

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "measured rounds a size (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--spares",
      description = "measure connects that spares serve, quiet and with busy neighbours")
  private boolean spares;

  @Option(
      names = "--neighbours",
      defaultValue = "10",
      description = "that write beside the spares; 0: only quiet (default: ${DEFAULT-VALUE})")
  private int neighbours;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/target/first-connect",
      description = "path of the results without .md and .json (default: ${DEFAULT-VALUE})")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    if (spares) {
      return measureSpares();
    }
    List<Result> results = new ArrayList<>();
    for (int size : sizes) {
      Path scratch = Files.createTempDirectory("understudy-benchmark-");
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
      try {
        results.add(measure(size, scratch));
      } finally {
        Processes.run("rm", "-r", scratch.toString());
      }
    }
    Report.write(output, results);
    return 0;
  }

  private int measureSpares() throws IOException, InterruptedException, SQLException {
    List<SpareConnect.Result> results = new ArrayList<>();
    for (int size : sizes) {
      Path scratch = Files.createTempDirectory("understudy-benchmark-");
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
      try {
        results.addAll(new SpareConnect(size, rounds, neighbours).measure(scratch));
      } finally {
        Processes.run("rm", "-r", scratch.toString());
      }
    }
    Report.write(output, SpareConnect.table(results), results);
    return 0;
  }

  private Result measure(int size, Path scratch)
      throws IOException, InterruptedException, SQLException {
    Path home = EmbeddedBinaries.unpack(scratch);
    try (Production production = Production.create(scratch.resolve("production"), home, size);
        LoopImage image = LoopImage.create(scratch, LoopImage.Type.BTRFS, (4L * size + 10) * 1024);
        Clones clones = new Clones(image.mountPoint().resolve("understudy"));
        Daemon daemon = Daemon.start(scratch, clones.dataDirectory(), settings(home, production))) {
      DaemonLog.showSource(daemon);
      Floor floor = new Floor(onlySnapshot(clones.dataDirectory()), home, image.mountPoint());
      CleanStop stop = new CleanStop(clones.dataDirectory());
      List<Round> measured = new ArrayList<>();
      for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
        Round result = round(floor, daemon, stop, round);
        if (round >= WARM_UP_ROUNDS) {
          measured.add(result);
        }
      }
      return new Result(production.bytes(), measured);
    }
  }

  private static Round round(Floor floor, Daemon daemon, CleanStop stop, int round)
      throws IOException, InterruptedException {
    Floor.Times bare = floor.measure(round);
    String database = "shop@b-" + round;
    WireClient.Login first =
        WireClient.login(daemon.address(), "app", database, Production.PASSWORD);
    MatchResult made = DaemonLog.lastMade(daemon);
    if (!made.group(1).equals("b-" + round)) {
      throw new IOException("the daemon's log does not tell of b-" + round + ": " + made.group());
    }
    WireClient.Login again =
        WireClient.login(daemon.address(), "app", database, Production.PASSWORD);
    stop.of("b-" + round);
    WireClient.Login woken =
        WireClient.login(daemon.address(), "app", database, Production.PASSWORD);
    long millisecond = 1_000_000;
    long copy = Long.parseLong(made.group(3)) * millisecond;
    long start = (Long.parseLong(made.group(4)) + Long.parseLong(made.group(5))) * millisecond;
    return new Round(
        bare,
        new Phases(
            first.authenticated(),
            copy,
            start,
            first.ready() - first.authenticated() - copy - start),
        first.ready(),
        again.ready(),
        woken.ready());
  }

  private static String settings(Path home, Production production) {
    return """
    postgresql.binaries = ["%s"]
    sources.prod { type = directory, directory = "%s", spares = 0 }
    environments."b-*" { source = prod, database = shop }
    """
        .formatted(home, production.server().dataDirectory());
  }

  private static Path onlySnapshot(Path dataDirectory) throws IOException {
    try (DirectoryStream<Path> snapshots =
        Files.newDirectoryStream(dataDirectory.resolve("snapshots"))) {
      return snapshots.iterator().next().resolve("data");
    }
  }

  /** Nanoseconds; connect is what is left of the whole. */
  record Phases(long authenticate, long copy, long start, long connect) {}

  /**
   * Nanoseconds.
   *
   * @param again a connect to the environment that is there by then
   * @param woken a connect to it when its server has ended
   */
  record Round(Floor.Times floor, Phases phases, long first, long again, long woken) {}

  /** All rounds with a production of one size. */
  record Result(long bytes, List<Round> rounds) {}
}
