package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.CopyOnWriteHint;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.SharedBlocks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pools on real file systems. */
class PoolIT {
  @ParameterizedTest
  @CsvSource({"btrfs, btrfs subvolumes", "xfs, reflink", "ext4, plain copy"})
  void isChosenByWhatWorksAndCopiesFaithfully(String type, String expected) throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 600)) {
      Path directory = fileSystem.directory();
      PoolChoice choice = PoolProbe.choose(directory);
      assertThat(choice.pool().describe()).as(choice.trials().toString()).isEqualTo(expected);
      workWith(choice.pool(), directory);
    }
  }

  @Test
  void reflinksOnBtrfsWork() throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 600)) {
      workWith(new ReflinkPool(fileSystem.directory()), fileSystem.directory());
    }
  }

  static void workWith(Pool pool, Path directory) throws IOException {
    Path tree = directory.resolve("tree");
    Path copy = directory.resolve("copy");
    pool.create(tree);
    SampleTree.fill(tree, 5000);
    Files.setAttribute(tree.resolve("base/0/9"), "unix:uid", 12_345);
    long start = System.nanoTime();
    pool.seal(tree);
    long sealed = System.nanoTime();
    pool.copy(tree, copy);
    long copied = System.nanoTime();
    SampleTree.assertSame(tree, copy);
    assertThat(Files.getPosixFilePermissions(copy.resolve("base/0/9")))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    if (pool.sharesBlocks() && !(pool instanceof ZfsPool)) {
      try (Directory base = Directory.open(copy.resolve("base/1"));
          RegularFile file = base.file("1234")) {
        assertThat(SharedBlocks.all(file)).isTrue();
      }
    }
    byte[] before = Files.readAllBytes(tree.resolve("base/0/7"));
    Files.writeString(copy.resolve("base/0/7"), "written in the copy");
    assertThat(Files.readAllBytes(tree.resolve("base/0/7"))).isEqualTo(before);
    long deleting = System.nanoTime();
    pool.delete(copy);
    long deleted = System.nanoTime();
    pool.delete(tree);
    try (var left = Files.list(directory)) {
      assertThat(left.filter(path -> !path.endsWith("lost+found"))).isEmpty();
    }
    System.out.printf(
        "%s, 5,000 files: seal %d ms, copy %d ms, delete %d ms%n",
        pool.describe(),
        TimeUnit.NANOSECONDS.toMillis(sealed - start),
        TimeUnit.NANOSECONDS.toMillis(copied - sealed),
        TimeUnit.NANOSECONDS.toMillis(deleted - deleting));
  }

  @Test
  void aSealedSubvolumeIsReadOnlyForRootToo() throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 200)) {
      Pool pool = new BtrfsPool(fileSystem.directory());
      Path tree = fileSystem.directory().resolve("tree");
      pool.create(tree);
      Files.writeString(tree.resolve("file"), "x");
      pool.seal(tree);
      assertThatThrownBy(() -> Files.writeString(tree.resolve("file"), "y"))
          .hasMessageContaining("Read-only file system");
      pool.delete(tree);
      assertThat(tree).doesNotExist();
    }
  }

  @Test
  void subvolumesMadeInsideATreeAreNotCopiedAndAreDeletedWithIt() throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 200)) {
      Path directory = fileSystem.directory();
      Path tree = directory.resolve("tree");
      for (Pool pool : List.of(new BtrfsPool(directory), new ReflinkPool(directory))) {
        pool.create(tree);
        Path outer = tree.resolve("outer");
        LoopFileSystem.run("btrfs", "subvolume", "create", outer.toString());
        LoopFileSystem.run("btrfs", "subvolume", "create", outer.resolve("inner").toString());
        Files.writeString(outer.resolve("inner/file"), "x");
        LoopFileSystem.run(
            "btrfs", "property", "set", outer.resolve("inner").toString(), "ro", "true");
        LoopFileSystem.run("btrfs", "property", "set", outer.toString(), "ro", "true");
        if (pool instanceof BtrfsPool) {
          pool.copy(tree, directory.resolve("copy"));
          assertThat(directory.resolve("copy/outer")).isEmptyDirectory();
          pool.delete(directory.resolve("copy"));
        }
        pool.delete(tree);
        assertThat(directory).isEmptyDirectory();
      }
    }
  }

  @Test
  void deletionStopsBeforeAMount() throws IOException {
    try (LoopFileSystem outside = LoopFileSystem.mount("ext4", 50);
        LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 200)) {
      Files.writeString(outside.directory().resolve("file"), "keep me");
      Path directory = fileSystem.directory();
      for (Pool pool :
          List.of(new BtrfsPool(directory), new ReflinkPool(directory), new CopyPool(directory))) {
        Path tree = directory.resolve("tree");
        pool.create(tree);
        Path inside = Files.createDirectory(tree.resolve("inside"));
        LoopFileSystem.run("mount", "--bind", outside.directory().toString(), inside.toString());
        try {
          if (pool instanceof BtrfsPool) {
            // The kernel detaches what is mounted inside a subvolume that is deleted as a whole.
            pool.delete(tree);
          } else {
            assertThatThrownBy(() -> pool.delete(tree)).hasMessageContaining("is mounted at");
          }
          assertThat(outside.directory().resolve("file")).hasContent("keep me");
        } finally {
          if (Files.exists(tree)) {
            LoopFileSystem.run("umount", inside.toString());
          }
        }
        pool.delete(tree);
        assertThat(directory).isEmptyDirectory();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xfs", "ext4"})
  void aFullDiskIsSaidAndNothingIsLeft(String type) throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 320)) {
      Path directory = fileSystem.directory();
      Pool pool = new CopyPool(directory);
      Path tree = directory.resolve("tree");
      pool.create(tree);
      byte[] chunk = new byte[10 << 20];
      for (int i = 0; pool.freeBytes() > 100 << 20; i++) {
        Files.write(tree.resolve("file" + i), chunk);
      }
      pool.seal(tree);
      long free = pool.freeBytes();
      Path target = directory.resolve("target");
      assertThatThrownBy(() -> pool.copy(tree, target))
          .isInstanceOf(PoolFullException.class)
          .hasMessageContaining("no space left in the pool for " + target);
      assertThat(target).doesNotExist();
      // XFS gives blocks back in the background.
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (pool.freeBytes() < free - (5L << 20) && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertThat(pool.freeBytes()).isGreaterThanOrEqualTo(free - (5L << 20));
    }
  }

  @Test
  void aReflinkNeverBecomesACopyOfBytes(@TempDir Path elsewhere) throws IOException {
    try (LoopFileSystem ext4 = LoopFileSystem.mount("ext4", 50);
        LoopFileSystem xfs = LoopFileSystem.mount("xfs", 320)) {
      Path unable = Files.createDirectory(ext4.directory().resolve("tree"));
      refusesToCopy(unable, ext4.directory());
      refusesToCopy(elsewhere, xfs.directory());
    }
  }

  @ParameterizedTest
  @CsvSource({"btrfs, btrfs subvolumes", "xfs, reflink", "ext4, plain copy"})
  void usageTellsWhatATreeHasForItself(String type, String expected) throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 400)) {
      Path directory = fileSystem.directory();
      Pool pool = PoolProbe.choose(directory).pool();
      assertThat(pool.describe()).isEqualTo(expected);
      Path tree = directory.resolve("tree");
      Path copy = directory.resolve("copy");
      pool.create(tree);
      Files.write(tree.resolve("big"), random(8 << 20));
      pool.seal(tree);
      assertThat(pool.usage(tree)).isEqualTo(new Usage(8 << 20, 0));

      pool.copy(tree, copy);
      boolean shares = pool.sharesBlocks();
      assertThat(pool.usage(copy)).isEqualTo(shares ? new Usage(0, 8 << 20) : pool.usage(tree));
      try (FileChannel file = FileChannel.open(copy.resolve("big"), StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(random(1 << 20)), 2 << 20);
      }
      // Not on disk yet, and counted all the same; what is no file of a tree's counts nothing.
      Files.write(copy.resolve("new"), random(1 << 20));
      Files.createSymbolicLink(copy.resolve("link"), tree.resolve("big"));
      LoopFileSystem.run("mkfifo", copy.resolve("pipe").toString());
      assertThat(pool.usage(copy))
          .isEqualTo(shares ? new Usage(2 << 20, 7 << 20) : new Usage(9 << 20, 0));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> pool.usage(copy)).isInstanceOf(InterruptedIOException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  /** Prints figures too: how much of XFS a thousand pages take that are written here and there. */
  @Test
  void scatteredWritesToACloneOnXfsTakeNoMoreThanTheyChange() throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("xfs", 1024)) {
      Path directory = fileSystem.directory();
      Pool pool = new ReflinkPool(directory);
      Path unhinted = directory.resolve("unhinted");
      Path tree = directory.resolve("tree");
      for (Path made : List.of(unhinted, tree)) {
        pool.create(made);
        Files.write(made.resolve("table"), random(256 << 20));
      }
      pool.seal(tree);
      assertThat(hint(tree)).isEqualTo(8192);

      long without = grown(pool, unhinted, directory.resolve("first"));
      long with = grown(pool, tree, directory.resolve("second"));

      assertThat(hint(directory.resolve("second"))).isEqualTo(8192);
      assertThat(hint(directory.resolve("first"))).isZero();
      System.out.printf(
          "1,000 pages of 8 KiB written here and there in 256 MiB on XFS take %d KiB; without the"
              + " hint %d KiB%n",
          with >> 10, without >> 10);
      assertThat(with).isLessThan(20 << 20).isLessThan(without / 3);
    }
  }

  private static int hint(Path tree) throws IOException {
    try (Directory directory = Directory.open(tree);
        RegularFile file = directory.file("table")) {
      return CopyOnWriteHint.read(file);
    }
  }

  /** By the writes to a new copy. */
  private static long grown(Pool pool, Path tree, Path copy) throws IOException {
    pool.copy(tree, copy);
    LoopFileSystem.run("sync", "-f", copy.toString());
    long before = pool.freeBytes();
    try (FileChannel file = FileChannel.open(copy.resolve("table"), StandardOpenOption.WRITE)) {
      Random random = new Random(7);
      for (int i = 0; i < 1000; i++) {
        file.write(ByteBuffer.wrap(new byte[8192]), random.nextInt((256 << 20) / 8192) * 8192L);
      }
      file.force(true);
    }
    return before - pool.freeBytes();
  }

  private static void refusesToCopy(Path tree, Path directory) throws IOException {
    Files.write(tree.resolve("file"), new byte[100_000]);
    Path target = directory.resolve("target");
    assertThatThrownBy(() -> new ReflinkPool(directory).copy(tree, target))
        .isInstanceOf(SystemCallException.class);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "btrfs, user_subvol_rm_allowed, btrfs subvolumes",
    "btrfs, rw, btrfs subvolumes",
    "xfs, rw, reflink",
    "ext4, rw, plain copy"
  })
  void servesAnOrdinaryUser(String type, String option, String expected) throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 320, option)) {
      Path home = Files.createDirectory(fileSystem.directory().resolve("home"));
      Files.setAttribute(home, "unix:uid", 54_321);
      Files.setAttribute(home, "unix:gid", 54_321);
      Files.setPosixFilePermissions(
          fileSystem.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
      String output = asUser(home);
      assertThat(output).contains("Trial[name=" + expected + ", works=true").endsWith("left: []\n");
    }
  }

  /** What {@link PoolAsUser} prints. */
  static String asUser(Path home) throws IOException {
    return LoopFileSystem.run(
        "setpriv",
        "--reuid=54321",
        "--regid=54321",
        "--clear-groups",
        "--bounding-set=-all",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        PoolAsUser.class.getName(),
        home.toString());
  }
}
