package dev.understudy.benchmarks;

import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.testing.Daemon;
import dev.understudy.testing.Processes;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many environments of which some run: what they cost, and how long one takes to wake. */
@Command(
    name = "crowd",
    mixinStandardHelpOptions = true,
    description = {
      "Connects to many environments, of which limits.running lets some run, on a pool made by",
      "pool create for the run. Measures the making of each, the memory of the servers that run"
          + " and",
      "of the daemon, how long SHOW ENVIRONMENTS takes with all of them there, and how long a",
      "connect to one that sleeps takes: on a quiet host, and while others write. At last it kills",
      "the daemon, and measures when the next one has served a login. Needs root and btrfs-progs."
    })
final class Crowd implements Callable<Integer> {
  private static final double GIGABYTES = 0.1;
  private static final long POOL_GIGABYTES = 40;
  private static final long SEED = 1;

  @Option(
      names = "--environments",
      defaultValue = "1000",
      description = "that exist (default: ${DEFAULT-VALUE})")
  private int environments;

  @Option(
      names = "--running",
      defaultValue = "100",
      description = "whose servers run (default: ${DEFAULT-VALUE})")
  private int running;

  @Option(
      names = "--wakes",
      defaultValue = "200",
      description = "measured, each for a quiet and a busy host (default: ${DEFAULT-VALUE})")
  private int wakes;

  @Option(
      names = "--busy",
      defaultValue = "50",
      description = "environments that write meanwhile (default: ${DEFAULT-VALUE})")
  private int busy;

  @Option(
      names = "--pause",
      defaultValue = "200",
      description = "milliseconds between two transactions of each (default: ${DEFAULT-VALUE})")
  private int pauseMillis;

  @Option(names = "--all-again", description = "connects to every environment once more at the end")
  private boolean allAgain;

  @Option(
      names = "--require",
      description = {
        "exits with 1 where a running idle clone takes " + CrowdLimits.CLONE_MEGABYTES + " MB,",
        "the daemon " + CrowdLimits.DAEMON_MEGABYTES + " MB,",
        "a list " + CrowdLimits.LIST_MILLISECONDS + " ms (median),",
        "a wake " + CrowdLimits.WAKE_MILLISECONDS + " ms (99th percentile),",
        "the first login after a crash " + CrowdLimits.RESTART_MILLISECONDS + " ms, or more,",
        "or where a server does not survive that crash"
      })
  private boolean required;

  @Option(
      names = "--output",
      defaultValue = "benchmarks/target/crowd",
      description = "path of the results without .md and .json (default: ${DEFAULT-VALUE})")
  private Path output = Path.of("");

  private final Random random = new Random(SEED);

  /** Those whose servers run, the one used longest ago first. */
  private final Set<Integer> awake = new LinkedHashSet<>();

  /** For those that are not busy. */
  private int places;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    Path scratch = Files.createTempDirectory("understudy-benchmark-");
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      CrowdResult result = measure(scratch);
      Report.write(output, table(result), result);
      return Limits.tell(required ? CrowdLimits.exceeded(result) : List.of());
    } finally {
      Processes.run("rm", "-r", scratch.toString());
    }
  }

  private CrowdResult measure(Path scratch) throws IOException, InterruptedException, SQLException {
    places = running;
    Path home = EmbeddedBinaries.unpack(scratch);
    try (Production production = Production.create(scratch.resolve("production"), home, GIGABYTES);
        OwnPool pool = OwnPool.create(scratch, POOL_GIGABYTES);
        Clones clones = new Clones(pool.dataDirectory());
        Daemon daemon = startAgain(scratch, clones, settings(home, production))) {
      long empty = used(pool);
      List<Long> made = connectToAll(daemon);
      long disk = (used(pool) - empty) / environments;
      long servers = Daemon.clones(clones.dataDirectory());
      long cloneMemory = Memory.below(clones.dataDirectory().resolve("clones")) / servers;
      long daemonMemory = Memory.of(daemon.pid());
      List<Long> lists = Listing.measure(daemon, environments);
      List<Long> quietWakes = wake(daemon);
      List<Long> busyWakes;
      try (Neighbours _ = Neighbours.begin(daemon, busy, pauseMillis)) {
        places -= busy;
        trim();
        sync(pool); // what they were filled with is not what they write
        busyWakes = wake(daemon);
      }
      List<Long> again = allAgain ? connectToAll(daemon) : List.of();
      Restart restart =
          Restart.measure(
              daemon,
              scratch,
              clones.dataDirectory(),
              settings(home, production),
              "shop@b-" + lastUsed());
      return new CrowdResult(
          environments,
          servers,
          made,
          disk,
          cloneMemory,
          daemonMemory,
          lists,
          quietWakes,
          busyWakes,
          again,
          restart);
    }
  }

  /** As all but the first of a build are: that leaves an archive of its classes as it ends. */
  private static Daemon startAgain(Path scratch, Clones clones, String settings)
      throws IOException, InterruptedException {
    Daemon.start(scratch, clones.dataDirectory(), settings).close();
    return Daemon.start(scratch, clones.dataDirectory(), settings);
  }

  private List<Long> connectToAll(Daemon daemon) throws IOException {
    List<Long> times = new ArrayList<>();
    for (int name = 0; name < environments; name++) {
      times.add(connect(daemon, name));
    }
    return times;
  }

  private static long used(OwnPool pool) throws IOException, InterruptedException {
    sync(pool);
    FileStore store = Files.getFileStore(pool.dataDirectory());
    return store.getTotalSpace() - store.getUnallocatedSpace();
  }

  private static void sync(OwnPool pool) throws IOException, InterruptedException {
    Processes.run("sync", "-f", pool.dataDirectory().toString());
  }

  private List<Long> wake(Daemon daemon) throws IOException {
    List<Long> times = new ArrayList<>();
    while (times.size() < wakes) {
      int name = random.nextInt(environments);
      if (!awake.contains(name)) {
        times.add(connect(daemon, name));
      }
    }
    return times;
  }

  private long connect(Daemon daemon, int name) throws IOException {
    long time =
        WireClient.login(daemon.address(), "app", "shop@b-" + name, Production.PASSWORD).ready();
    awake.remove(name);
    awake.add(name);
    trim();
    return time;
  }

  private void trim() {
    while (awake.size() > places) {
      awake.remove(awake.iterator().next());
    }
  }

  private int lastUsed() {
    return awake.stream().reduce((_, later) -> later).orElseThrow();
  }

  private String settings(Path home, Production production) {
    return """
    postgresql.binaries = ["%s"]
    sources.prod { type = directory, directory = "%s", spares = 0 }
    environments."*" { source = prod, database = shop, suspend-after = never }
    limits.running = %d
    %s
    """
        .formatted(home, production.server().dataDirectory(), running, Listing.settings());
  }

  private String table(CrowdResult result) throws IOException {
    return String.format(
        Locale.ROOT,
        """
        %d environments, %d of them running. Times in milliseconds: median, 99th percentile, longest.
        Machine: %s.

        | | |
        |---|---|
        | first connect, all of them in turn | %s |
        | disk of an environment nobody has written to | %.1f MB |
        | memory of a running idle clone (PSS) | %.1f MB |
        | memory of the daemon (PSS) | %.0f MB |
        | SHOW ENVIRONMENTS, all of them there | %s |
        | connect that wakes, quiet host | %s |
        | connect that wakes, %d others write every %d ms | %s |
        | first login after a crash, from the start of the next daemon on | %.0f |
        | the same daemon says that it is ready | %.0f |
        | servers that have survived the crash | %d of %d |
        %s\
        """,
        result.environments(),
        result.running(),
        Report.machine(),
        times(result.made()),
        result.disk() / 1e6,
        result.cloneMemory() / 1e6,
        result.daemonMemory() / 1e6,
        times(result.lists()),
        times(result.quietWakes()),
        busy,
        pauseMillis,
        times(result.busyWakes()),
        result.restart().login() / 1e6,
        result.restart().ready() / 1e6,
        result.restart().adopted(),
        result.restart().servers(),
        result.again().isEmpty()
            ? ""
            : "| connect to each of them once more, in turn | %s |%n"
                .formatted(times(result.again())));
  }

  private static String times(List<Long> nanos) {
    Sample sample = Sample.of(nanos);
    return String.format(
        Locale.ROOT, "%.1f, %.1f, %.1f", sample.median(), sample.p99(), sample.max());
  }
}
