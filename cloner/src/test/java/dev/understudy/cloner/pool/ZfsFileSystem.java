package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A ZFS of its own, in a file, mounted for one test: by zfs-fuse, whose daemon runs meanwhile, or
 * by whatever else stands behind the zfs command here. A machine has one zfs-fuse, so whoever wants
 * one waits for those in other processes.
 */
public final class ZfsFileSystem implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  private final Path image;
  private final Path mountPoint;
  private final String name;
  private final @Nullable Process daemon;
  private final FileChannel turn;

  private ZfsFileSystem(
      Path image, Path mountPoint, String name, @Nullable Process daemon, FileChannel turn) {
    this.image = image;
    this.mountPoint = mountPoint;
    this.name = name;
    this.daemon = daemon;
    this.turn = turn;
  }

  /** Skips the test, with the reason, where that cannot be done. */
  public static ZfsFileSystem mount(long megabytes) throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "mounting a file system takes root");
    assumeTrue(
        Programs.find("zpool").isPresent() && Programs.find("zfs").isPresent(),
        "zfs-fuse is not installed");
    FileChannel turn = awaitTurn();
    ZfsFileSystem made = null;
    boolean mounted = false;
    try {
      made = prepare(megabytes, turn);
      LoopFileSystem.run(
          "zpool", "create", "-m", made.mountPoint.toString(), made.name, made.image.toString());
      mounted = true;
      return made;
    } finally {
      if (!mounted && made != null) {
        made.endDaemon();
      }
      if (!mounted) {
        turn.close();
      }
    }
  }

  private static ZfsFileSystem prepare(long megabytes, FileChannel turn) throws IOException {
    Process daemon = answers() ? null : startDaemon();
    Path image = Files.createTempFile("understudy-test", ".zfs");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(megabytes << 20);
    }
    Path mountPoint = Files.createTempDirectory("understudy-test").toRealPath();
    String name = "understudy" + ProcessHandle.current().pid() + "x" + System.nanoTime();
    return new ZfsFileSystem(image, mountPoint, name, daemon, turn);
  }

  /** Closing it is the end of the turn. */
  private static FileChannel awaitTurn() throws IOException {
    FileChannel file =
        FileChannel.open(
            Path.of(System.getProperty("java.io.tmpdir"), "understudy-test-zfs.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    file.lock();
    return file;
  }

  private static boolean answers() throws IOException {
    try {
      return ShortCommand.run(List.of("zpool", "list")).succeeded();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Process startDaemon() throws IOException {
    assumeTrue(Programs.find("zfs-fuse").isPresent(), "zfs-fuse is not installed");
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
    // Where its commands find it, and where they lock what they mount.
    Files.createDirectories(Path.of("/var/run/zfs"));
    Files.createDirectories(Path.of("/var/lock/zfs"));
    Process daemon =
        new ProcessBuilder(
                Programs.find("zfs-fuse").orElseThrow().toString(),
                "--no-daemon",
                "--no-kstat-mount")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!answers()) {
      if (!daemon.isAlive() || System.nanoTime() > deadline) {
        daemon.destroyForcibly();
        throw new IOException("zfs-fuse does not start");
      }
    }
    return daemon;
  }

  public Path directory() {
    return mountPoint;
  }

  /** A dataset below, mounted at the directory of that name. */
  public void create(String child) throws IOException {
    LoopFileSystem.run("zfs", "create", name + "/" + child);
  }

  /** Of the dataset at the directory. */
  String name() {
    return name;
  }

  /** What there is below the directory's dataset, snapshots too. */
  List<String> datasets() throws IOException {
    return LoopFileSystem.run("zfs", "list", "-H", "-r", "-t", "all", "-o", "name", name)
        .lines()
        .filter(line -> !line.equals(name))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      // What FUSE has unmounted is busy a moment longer.
      long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
      ShortCommand.Result result;
      do {
        result = ShortCommand.run(List.of("zpool", "destroy", "-f", name));
      } while (result.output().contains("busy") && System.nanoTime() < deadline);
      assertThat(result.succeeded()).as(result.output()).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      endDaemon();
      turn.close();
      Files.deleteIfExists(mountPoint);
      Files.delete(image);
    }
  }

  private void endDaemon() throws IOException {
    if (daemon != null) {
      daemon.destroy();
      try {
        if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
          requireNonNull(daemon).destroyForcibly().waitFor();
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
