package dev.understudy.integration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.embedded.DirectoryTree;
import dev.understudy.testing.Daemon;
import dev.understudy.testing.LoopImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A production, and the directory of a daemon that mirrors it, on btrfs where that can be had.
 * Closing it ends both and whatever works on the directory.
 */
final class MirroredShop implements AutoCloseable {
  static final String SCRIPT_BEGINS = "understudy test: a script begins";
  static final String SCRIPT_ENDS = "understudy test: a script ends";

  /** After which production believes that nobody is at the other end: its own default. */
  private static final Duration SENDER_TIMEOUT = Duration.ofMinutes(1);

  /** How production is mirrored. */
  enum Type {
    STANDBY("type = standby, rate-limit = 16M, slot = true, collations = refuse"),
    DUMP("type = dump, jobs = 1");

    private final String settings;

    Type(String settings) {
      this.settings = settings;
    }
  }

  private final Type type;
  private final Path directory;
  private final Path script;
  private final long mounts;
  private @Nullable LoopImage image;
  private @Nullable MirroredProduction production;

  private MirroredShop(Type type, Path directory) throws IOException {
    this.type = type;
    this.directory = directory;
    this.script = Files.createFile(directory.resolve("m.sql"));
    this.mounts = mounts(directory);
  }

  static MirroredShop open(Type type) throws Exception {
    return open(type, null);
  }

  /**
   * Starts production.
   *
   * @param link behind which it is; null: on loopback
   */
  static MirroredShop open(Type type, @Nullable Link link) throws Exception {
    Path home = Installations.withClientPrograms();
    assumeTrue(home != null, "needs PostgreSQL 15 of Debian with pg_basebackup and pg_dump");
    // Short, since unix sockets lie below it.
    Path directory = Files.createTempDirectory("mir");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    MirroredShop shop = new MirroredShop(type, directory);
    boolean open = false;
    try {
      shop.start(requireNonNull(home), link);
      open = true;
      return shop;
    } finally {
      if (!open) {
        shop.close();
      }
    }
  }

  private void start(Path home, @Nullable Link link) throws Exception {
    if (LoopImage.impediment(LoopImage.Type.BTRFS).isEmpty()) {
      image = LoopImage.create(directory, LoopImage.Type.BTRFS, 4096);
    }
    production = MirroredProduction.start(home, directory.resolve("production"), link);
    Files.writeString(
        script,
        "DO $$ BEGIN RAISE WARNING '%s'; PERFORM pg_sleep(0.4); RAISE WARNING '%s'; END $$;\n"
            .formatted(SCRIPT_BEGINS, SCRIPT_ENDS));
  }

  /** Of the settings and the log of the daemon. */
  Path directory() {
    return directory;
  }

  MirrorDirectory data() {
    return new MirrorDirectory((image == null ? directory : image.mountPoint()).resolve("u"));
  }

  MirroredProduction production() {
    return requireNonNull(production, "production is null");
  }

  /** All but the data directory and the port. */
  String settings() {
    return """
    sources.prod {
      %s
      url = "%s"
      snapshots.keep = 1
      spares = 0
      mask.databases.shop {
        columns { "public.customer.email" = email, "public.slow.email" = email }
        scripts = [ "%s" ]
      }
    }
    environments { "pr-*" { source = prod, database = shop } }
    undrop-window = 0s
    """
        .formatted(type.settings, production().url(), script);
  }

  /** While no daemon runs: there is no replica any more, and production knows of none. */
  void loseReplica() throws Exception {
    data().loseReplica();
    production().dropSlots();
  }

  /** Nothing unfinished is here or on production, once what has just ended is gone. */
  void nothingIsLeft() throws Exception {
    MirrorDirectory data = data();
    Await.soon(
        "one snapshot, nothing unfinished",
        () -> data.unfinished().isEmpty() && data.snapshots().size() == 1);
    Await.soon(
        "no tool runs", () -> ServerProcesses.tools(data.path(), production().port()).isEmpty());
    Await.soon(
        "no server runs on a snapshot",
        () -> ServerProcesses.below(data.path().resolve("snapshots")).isEmpty());
    Await.soon("sockets of clones only", () -> data.names("run").equals(data.names("clones")));
    long followers = type == Type.STANDBY ? 1 : 0;
    assertThat(data.generations()).hasSize((int) followers);
    assertThat(data.names("follow"))
        .containsExactlyElementsOf(
            data.generations().stream().map(path -> path.getFileName().toString()).toList());
    Await.stays(
        SENDER_TIMEOUT.multipliedBy(3),
        "senders of production",
        () -> production().ask("SELECT count(*) FROM pg_stat_replication") == followers);
    assertThat(production().ask("SELECT count(*) FROM pg_replication_slots")).isEqualTo(followers);
    Await.soon(
        "sessions of production",
        () ->
            production()
                    .ask(
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'mirror'"
                            + " AND backend_type = 'client backend'")
                == 0);
    assertThat(mounts(directory)).isEqualTo(mounts + (image == null ? 0 : 1));
  }

  /** That this process sees, below the directory. */
  private static long mounts(Path directory) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines.filter(line -> line.contains(" " + directory + "/")).count();
    }
  }

  /** SIGKILL for a daemon of this directory, be it ready or not. */
  void killDaemon() {
    ProcessHandle.current()
        .children()
        .filter(child ->
            child
                .info()
                .commandLine()
                .filter(line -> line.contains(directory + "/understudy.conf"))
                .isPresent())
        .forEach(daemon -> {
          daemon.destroyForcibly();
          daemon.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        });
  }

  /** What was killed may still be letting go of its files. */
  private static void unmount(LoopImage image) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        image.close();
        return;
      } catch (IOException e) {
        if (tries == 50) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
      }
    }
  }

  @Override
  public void close() throws IOException {
    killDaemon();
    Daemon.endClones(data().path());
    if (production != null) {
      production.close();
    }
    if (image != null) {
      unmount(image);
    }
    DirectoryTree.delete(directory);
  }
}
