package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.cloner.cgroup.GroupsOnHost;
import dev.understudy.cloner.host.CloneProcesses;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.Source;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A production, and a small file system for the daemon and its clones. */
final class Site {
  private static final long MEGABYTES = 2500;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path production;
  private final EmbeddedPostgres server;
  private final LoopFileSystem fileSystem;
  private int version;

  private Site(Path production, EmbeddedPostgres server, LoopFileSystem fileSystem) {
    this.production = production;
    this.server = server;
    this.fileSystem = fileSystem;
  }

  static Site open(Path parent, String type) throws Exception {
    EmbeddedPostgres server =
        EmbeddedPostgres.create(
            parent.resolve("production"), ServerOptions.of(Workbench.embedded()));
    LoopFileSystem fileSystem;
    try {
      fileSystem = LoopFileSystem.mount(type, MEGABYTES);
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    Site site = new Site(parent.resolve("production/data"), server, fileSystem);
    site.mendHook();
    site.execute("CREATE TABLE life (k int PRIMARY KEY, v int, filler text)");
    site.execute("CREATE TABLE base AS SELECT 0 AS version");
    return site;
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  Path directory() {
    return fileSystem.directory().resolve("d");
  }

  Path log() {
    return requireNonNull(production.getParent()).resolveSibling("daemon.log");
  }

  private Path hook() {
    return log().resolveSibling("hook.sql");
  }

  /** Run in new environments of those names that have a hook. */
  void writeHook(String sql) throws IOException {
    Files.writeString(hook(), sql);
  }

  /** It seeds a row. */
  void mendHook() throws IOException {
    writeHook("INSERT INTO life SELECT %d, version, 'seed' FROM base".formatted(Content.SEEDED));
  }

  LifeProcess startDaemon(ModelTime time) throws Exception {
    return LifeProcess.start(directory(), production, Workbench.embedded(), hook(), log(), time);
  }

  /** Of production. */
  int version() {
    return version;
  }

  int newVersion() throws Exception {
    version++;
    execute("UPDATE base SET version = " + version);
    return version;
  }

  /** All its processes at once, as a crash of the server does. */
  void killServer(Path socket) throws InterruptedException {
    processes().kill(String.valueOf(requireNonNull(socket.getParent()).getFileName()));
  }

  private CloneProcesses processes() {
    return new CloneProcesses(directory().resolve("clones"));
  }

  /** Next to nothing is free until this is closed. */
  AutoCloseable fill() throws Exception {
    Path ballast = fileSystem.directory().resolve("ballast");
    LoopFileSystem.run("sync", "-f", fileSystem.directory().toString());
    long free = Files.getFileStore(fileSystem.directory()).getUsableSpace();
    long bytes = Math.max(0, free - (64L << 20));
    try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
      file.setLength(0);
    }
    LoopFileSystem.run("fallocate", "-l", String.valueOf(bytes), ballast.toString());
    return () -> {
      Files.delete(ballast);
      LoopFileSystem.run("sync", "-f", fileSystem.directory().toString());
    };
  }

  /**
   * Again and again nothing can be written for that long, until this is closed. It ends by itself
   * after a while, even if this process dies.
   */
  AutoCloseable slowDisk(Duration still) throws IOException {
    Path end = Files.createTempFile("understudy-test", ".slow");
    Process slow =
        new ProcessBuilder(
                "sh",
                "-c",
                """
                i=0
                while [ -e "$1" ] && [ $i -lt 200 ]; do
                  fsfreeze -f "$2" && sleep "$3"
                  fsfreeze -u "$2" || exit 1
                  sleep 0.03
                  i=$((i + 1))
                done
                """,
                "sh",
                end.toString(),
                fileSystem.directory().toString(),
                "%d.%03d".formatted(still.toSeconds(), still.toMillisPart()))
            .inheritIO()
            .start();
    return () -> {
      Files.delete(end);
      assertThat(slow.waitFor()).isZero();
    };
  }

  /**
   * No directory, socket, mount, loop device, control group or process but those of what there is.
   * What is just being written down, or ends, has some time.
   */
  void checkLeaks(World world) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        checkLeaksNow(world);
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      Thread.sleep(20);
    }
  }

  private void checkLeaksNow(World world) throws IOException {
    int clones = world.environments().size() + world.trash().size();
    Set<String> ids = names("clones");
    assertThat(ids).hasSizeBetween(clones, clones + Source.SPARES);
    assertThat(names("run")).isSubsetOf(ids);
    assertThat(names("environments")).hasSize(world.environments().size());
    assertThat(names("trash")).hasSize(world.trash().size());
    assertThat(names("snapshots")).containsExactlyInAnyOrderElementsOf(world.snapshots().values());
    assertThat(names("hooks")).isEmpty();
    assertThat(ids).containsAll(processes().ids());
    // Also of a clone whose server was killed, until its next start.
    assertThat(ids).containsAll(GroupsOnHost.of(directory()));
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory() + "/");
    assertThat(LoopFileSystem.run("losetup", "--list", "--noheadings", "--output", "BACK-FILE"))
        .doesNotContain(directory().toString());
  }

  void checkNoServers() throws Exception {
    await(() -> processes().ids().isEmpty());
    assertThat(processes().ids()).isEmpty();
    assertThat(names("clones")).containsAll(GroupsOnHost.of(directory()));
  }

  private Set<String> names(String part) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory().resolve(part))) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds() && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  /** What is to become true. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  void close() throws Exception {
    for (String id : processes().ids()) {
      processes().kill(id);
    }
    new ControlGroupProbe(directory()).forget();
    server.close();
    fileSystem.close();
  }
}
