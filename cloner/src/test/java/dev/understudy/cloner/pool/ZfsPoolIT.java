package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.host.Mount;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Datasets of a real ZFS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZfsPoolIT {
  private ZfsFileSystem zfs;
  private Path directory;
  private Pool pool;

  @BeforeAll
  void mount() throws IOException {
    zfs = ZfsFileSystem.mount(1024);
    directory = zfs.directory();
    pool = new ZfsPool(directory);
    Files.createDirectories(directory.resolve("snapshots/s1"));
    Files.createDirectories(directory.resolve("clones/c1"));
    Files.createDirectories(directory.resolve("clones/c2"));
  }

  @AfterAll
  void unmount() throws IOException {
    if (zfs != null) {
      zfs.close();
    }
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(zfs.datasets()).isEmpty();
    assertThat(LoopFileSystem.run("cat", "/proc/mounts")).doesNotContain(directory + "/");
    assertThat(snapshot().getParent()).isEmptyDirectory();
    assertThat(clone(1).getParent()).isEmptyDirectory();
    assertThat(clone(2).getParent()).isEmptyDirectory();
  }

  private Path snapshot() {
    return directory.resolve("snapshots/s1/data");
  }

  private Path clone(int number) {
    return directory.resolve("clones/c" + number + "/data");
  }

  private void makeSealed() throws IOException {
    pool.create(snapshot());
    Files.writeString(snapshot().resolve("file"), "original");
    pool.seal(snapshot());
  }

  @Test
  void isChosenAndCopiesFaithfully() throws IOException {
    PoolChoice choice = PoolProbe.choose(directory);

    assertThat(choice.pool()).as(choice.trials().toString()).isInstanceOf(ZfsPool.class);
    PoolIT.workWith(choice.pool(), directory.resolve("clones/c1"));
  }

  @Test
  void aSealedTreeIsReadOnlyForRootToo() throws IOException {
    makeSealed();
    assertThatThrownBy(() -> Files.writeString(snapshot().resolve("file"), "y"))
        .hasMessageContaining("Read-only file system");
    pool.delete(snapshot());
    assertThat(snapshot()).doesNotExist();
  }

  @Test
  void aDroppedSnapshotWaitsForItsClonesAndItsPathIsFreeAtOnce() throws IOException {
    makeSealed();
    pool.copy(snapshot(), clone(1));
    pool.copy(snapshot(), clone(2));

    pool.delete(snapshot());

    assertThat(snapshot()).doesNotExist();
    makeSealed();
    pool.recover();
    assertThat(clone(1).resolve("file")).hasContent("original");
    Files.writeString(clone(1).resolve("file"), "written");
    pool.delete(clone(1));
    assertThat(clone(2).resolve("file")).hasContent("original");
    assertThat(zfs.datasets())
        .as("the clone, its origin and that one's snapshot; the next tree and its snapshot")
        .hasSize(5);
    pool.delete(clone(2));
    assertThat(zfs.datasets()).hasSize(2);
    assertThat(snapshot().resolve("file")).hasContent("original");
    pool.delete(snapshot());
  }

  @Test
  void aClonesCloneOutlivesBoth() throws IOException {
    pool.create(snapshot());
    Files.writeString(snapshot().resolve("file"), "original");
    pool.copy(snapshot(), clone(1));
    Files.writeString(snapshot().resolve("file"), "written after the copy");
    Files.writeString(clone(1).resolve("second"), "too");
    pool.seal(clone(1));
    pool.copy(clone(1), clone(2));

    pool.delete(snapshot());
    pool.delete(clone(1));

    assertThat(clone(2).resolve("file")).hasContent("original");
    assertThat(clone(2).resolve("second")).hasContent("too");
    pool.delete(clone(2));
  }

  @Test
  void whatIsNotOursIsLeftAlone() throws IOException {
    String theirs = zfs.name() + "/theirs";
    List<String> snapshots = List.of(zfs.name() + "@copy-of-monday", theirs + "@copy-of-monday");
    LoopFileSystem.run("zfs", "create", theirs);
    for (String snapshot : snapshots) {
      LoopFileSystem.run("zfs", "snapshot", snapshot);
    }
    try {
      pool.recover();

      for (String snapshot : snapshots) {
        assertThat(Zfs.exists(snapshot)).as(snapshot).isTrue();
      }
    } finally {
      for (String snapshot : snapshots) {
        if (Zfs.exists(snapshot)) {
          LoopFileSystem.run("zfs", "destroy", snapshot);
        }
      }
      // Busy for a moment.
      Zfs.change("destroy", theirs);
      Files.deleteIfExists(directory.resolve("theirs"));
    }
  }

  @Test
  void theNextDaemonFinishesWhatAKilledOneBegan() throws IOException {
    makeSealed();
    pool.copy(snapshot(), clone(1));
    String dataset = Mount.at(snapshot()).orElseThrow().source();
    String clone = Mount.at(clone(1)).orElseThrow().source();
    // Killed in the midst of a deletion, of a copy, and unmounted by an end of the host.
    LoopFileSystem.run("zfs", "set", "dev.understudy:dropped=on", dataset);
    LoopFileSystem.run("zfs", "snapshot", clone + "@copy-1234");
    Zfs.change("unmount", clone);
    assertThat(clone(1)).isEmptyDirectory();

    new ZfsPool(directory).recover();

    assertThat(snapshot()).doesNotExist();
    assertThat(clone(1).resolve("file")).hasContent("original");
    assertThat(zfs.datasets())
        .containsExactlyInAnyOrder(
            clone.substring(zfs.name().length() + 1),
            dataset.substring(zfs.name().length() + 1),
            dataset.substring(zfs.name().length() + 1) + "@sealed");
    new ZfsPool(directory).recover();
    pool.delete(clone(1));
  }

  @Test
  void whatAKilledProbeLeftIsRemovedByTheNext() throws IOException {
    Path place = Files.createDirectory(directory.resolve(".pool-probe-123"));
    pool.create(place.resolve("first"));
    pool.seal(place.resolve("first"));

    assertThat(PoolProbe.choose(directory).pool()).isInstanceOf(ZfsPool.class);

    assertThat(place).doesNotExist();
  }

  @Test
  void datasetsOfOthersAreNotTouched() throws IOException {
    String theirs = zfs.name() + "/theirs";
    LoopFileSystem.run("zfs", "create", theirs);
    try {
      Files.writeString(directory.resolve("theirs/file"), "keep me");
      pool.recover();
      assertThatThrownBy(() -> pool.create(directory.resolve("theirs")))
          .hasMessageContaining("exists");
      assertThat(directory.resolve("theirs/file")).hasContent("keep me");
    } finally {
      Zfs.change("destroy", theirs);
      Files.deleteIfExists(directory.resolve("theirs"));
    }
  }

  @Test
  void ordinaryDirectoriesAreDeletedToo() throws IOException {
    Path run = Files.createDirectory(directory.resolve("run"));
    Files.writeString(run.resolve("socket"), "x");
    pool.delete(run);
    pool.delete(run);
    assertThat(run).doesNotExist();
  }

  @Test
  void aDirectoryThatIsNoDatasetIsToldWhatToDoAndNeverGetsReflinks() throws IOException {
    PoolChoice choice = PoolProbe.choose(directory.resolve("clones"));

    assertThat(choice.pool()).isInstanceOf(CopyPool.class);
    assertThat(choice.trials().getFirst().words())
        .contains("zfs create -o mountpoint=" + directory.resolve("clones"));
    assertThat(choice.trials().get(2).words()).contains("not safe on every ZFS");
  }

  @Test
  void anOrdinaryUserGetsCopiesAndIsToldWhy() throws IOException {
    zfs.create("home");
    Path home = directory.resolve("home");
    try {
      Files.setAttribute(home, "unix:uid", 54_321);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertThat(PoolIT.asUser(home))
          .contains("Trial[name=ZFS datasets, works=false, words=only root can mount datasets]")
          .contains("Trial[name=plain copy, works=true")
          .endsWith("left: []\n");
    } finally {
      Zfs.change("destroy", zfs.name() + "/home");
      Files.deleteIfExists(home);
    }
  }

  @Test
  void usageTellsWhatDeletionGivesBack() throws IOException {
    pool.create(snapshot());
    Files.write(snapshot().resolve("file"), random(4 << 20));
    pool.seal(snapshot());
    assertThat(pool.usage(snapshot()).exclusiveBytes()).isGreaterThanOrEqualTo(4 << 20);

    pool.copy(snapshot(), clone(1));

    assertThat(pool.usage(snapshot()).exclusiveBytes()).isZero();
    assertThat(pool.usage(clone(1)).exclusiveBytes()).isLessThan(200 << 10);
    assertThat(pool.usage(clone(1)).sharedBytes()).isGreaterThan(3 << 20);
    Files.write(clone(1).resolve("more"), random(2 << 20));
    // Of this file system alone: others' tests lose power at the same time.
    LoopFileSystem.run("sync", "-f", clone(1).toString());
    Zfs.change("snapshot", zfs.name() + "@now");
    assertThat(pool.usage(clone(1)).exclusiveBytes()).isBetween(2L << 20, 3L << 20);
    Zfs.change("destroy", zfs.name() + "@now");
    pool.delete(clone(1));
    pool.delete(snapshot());
  }

  @Test
  void anInterruptEndsACopyAndLeavesNothing() throws IOException {
    makeSealed();
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> pool.copy(snapshot(), clone(1)))
          .isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(clone(1)).doesNotExist();
    pool.delete(snapshot());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
