package dev.understudy.cloner.pool.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.host.LoopDevices;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.config.MinFree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real images on real loop devices. */
class PoolImageIT extends PoolImageFixture {
  @ParameterizedTest
  @CsvSource({"BTRFS, btrfs subvolumes, user_subvol_rm_allowed", "XFS, reflink, nodev"})
  void isMadeSharesBlocksAndIsMountedAgain(ImageType type, String pool, String option)
      throws Exception {
    assertThat(PoolImage.create(plan(type))).isEmpty();

    assertThat(PoolProbe.choose(dataDirectory).pool().describe()).isEqualTo(pool);
    assertThat(Files.readString(Path.of("/proc/mounts")).lines())
        .filteredOn(line -> line.contains(dataDirectory.toString()))
        .singleElement()
        .asString()
        .contains("nosuid", "nodev", "noatime", option);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dataDirectory)))
        .isEqualTo("rwx------");
    for (Path file : List.of(image, home.resolve("data.pool.json"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(blocks(image)).as("sparse").isLessThan(SIZE / 2);
    Files.writeString(dataDirectory.resolve("file"), "kept");

    assertThat(PoolImage.mount(dataDirectory)).as("mounted already").isFalse();
    LoopFileSystem.run("umount", dataDirectory.toString());
    assertThat(LoopDevices.below(image)).as("detached with the unmount").isEmpty();
    assertThat(dataDirectory).isEmptyDirectory();
    assertThat(PoolImage.mount(dataDirectory)).isTrue();
    assertThat(dataDirectory.resolve("file")).hasContent("kept");
    assertThat(LoopDevices.below(image))
        .singleElement()
        .satisfies(device ->
            assertThat(Path.of("/sys/block/%s/loop/dio".formatted(device.getFileName())))
                .hasContent("1"));
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() -> PoolImage.create(plan(type)))
        .withMessageContaining("has a pool already: " + image);

    PoolImage.remove(dataDirectory);
    assertThat(home.resolve("data.pool.json")).doesNotExist();
    assertThat(image).doesNotExist();
    assertThat(dataDirectory).isEmptyDirectory();
  }

  private static long blocks(Path file) throws IOException {
    return Long.parseLong(LoopFileSystem.run("stat", "-c", "%b", file.toString()).strip()) * 512;
  }

  @ParameterizedTest
  @EnumSource(CreationStep.class)
  void aFailureAtAnyStepLeavesNothing(CreationStep fatal) throws Exception {
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() ->
            PoolImage.create(
                plan(ImageType.BTRFS),
                step -> {
                  if (step == fatal) {
                    throw new IOException("enough");
                  }
                }))
        .withMessageContaining("the pool cannot be made: enough");
    assertThat(home).isEmptyDirectory();
    assertThat(mountsAndDevices()).isEmpty();
  }

  @Test
  void anInterruptLeavesNothing() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                PoolImage.create(
                    plan(ImageType.XFS),
                    step -> {
                      if (step == CreationStep.FILE_MADE) {
                        Thread.currentThread().interrupt();
                      }
                    });
              } catch (InterruptedException e) {
                ended.countDown();
              } catch (PoolImageException e) {
                throw new AssertionError(e);
              }
            });
    thread.join();
    assertThat(ended.getCount()).isZero();
    assertThat(home).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(value = CreationStep.class, names = "FINISHED", mode = EnumSource.Mode.EXCLUDE)
  void whatAKilledCreationLeftIsClearedByTheNext(CreationStep fatal) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledCreation.class.getName(),
                dataDirectory.toString(),
                fatal.name())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isEqualTo(KilledCreation.STATUS);
    assertThat(home.resolve("data.pool.json")).exists();
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() -> PoolImage.mount(dataDirectory))
        .withMessageContaining("was never finished");

    PoolImage.create(plan(ImageType.BTRFS));

    assertThat(PoolProbe.choose(dataDirectory).pool().sharesBlocks()).isTrue();
    assertThat(LoopDevices.below(image)).hasSize(1);
  }

  @Test
  void nobodysDataIsHiddenOrOverwritten() throws Exception {
    Files.createDirectory(dataDirectory);
    Path theirs = Files.writeString(dataDirectory.resolve("theirs"), "keep me");
    refused(plan(ImageType.BTRFS), "is not empty; what is in it would be hidden");
    Files.delete(theirs);

    Files.writeString(image, "keep me");
    refused(plan(ImageType.BTRFS), image + " exists already");
    assertThat(image).hasContent("keep me");
    Files.delete(image);

    refused(PoolPlan.image(dataDirectory, 100L << 20, ImageType.XFS), "100 MiB are too small");
    refused(
        new PoolPlan(dataDirectory, dataDirectory.resolve("x"), false, SIZE, ImageType.XFS),
        "cannot lie in the directory that it is mounted on");
    refused(
        new PoolPlan(dataDirectory, home.resolve("none"), true, 0, ImageType.XFS),
        "there is no device");
    refused(
        new PoolPlan(dataDirectory, Files.createFile(home.resolve("f")), true, 0, ImageType.XFS),
        "is not a block device");
    assertThat(dataDirectory).isEmptyDirectory();
    Files.delete(home.resolve("f"));
  }

  @Test
  void aDeviceIsTakenOnlyIfItIsBlank() throws Exception {
    Path disk = home.resolve("disk");
    LoopFileSystem.run("truncate", "-s", "600M", disk.toString());
    LoopFileSystem.run("mkfs.ext4", "-q", disk.toString());
    Path device = Path.of(LoopFileSystem.run("losetup", "-f", "--show", disk.toString()).strip());
    PoolPlan plan = new PoolPlan(dataDirectory, device, true, 0, ImageType.XFS);
    try {
      refused(plan, device + " is not blank: ");
      LoopFileSystem.run("wipefs", "-a", device.toString());
      assertThatExceptionOfType(PoolImageException.class)
          .isThrownBy(() ->
              PoolImage.create(
                  plan,
                  step -> {
                    if (step == CreationStep.MOUNTED) {
                      throw new IOException("enough");
                    }
                  }));

      PoolImage.create(plan);

      assertThat(Mount.at(dataDirectory).orElseThrow().source()).isEqualTo(device.toString());
      PoolImage.remove(dataDirectory);
      assertThat(Mount.at(dataDirectory)).isEmpty();
    } finally {
      LoopFileSystem.run("losetup", "-d", device.toString());
      Files.delete(disk);
    }
  }

  @Test
  void aSparseImageBelievesInNoMoreThanThereIs() throws Exception {
    try (LoopFileSystem host = LoopFileSystem.mount("ext4", 400)) {
      Path data = host.directory().resolve("d");
      try {
        List<String> warnings = PoolImage.create(PoolPlan.image(data, 4L << 30, ImageType.BTRFS));

        assertThat(warnings).singleElement().asString().contains("may grow to 4096 MiB");
        Pool pool = PoolProbe.choose(data, () -> new MinFree.Size(100L << 20)).pool();
        assertThat(pool.freeBytes()).isLessThan(400L << 20);
        pool.requireRoom(0);
        assertThatThrownBy(() -> pool.requireRoom(350L << 20))
            .isInstanceOf(PoolFullException.class)
            .hasMessageContaining("the file system that holds the pool's image " + host.directory())
            .hasMessageContaining("350 MiB more are wanted, and 100 MiB have to stay free");
      } finally {
        PoolImage.remove(data);
        Files.deleteIfExists(data);
      }
    }
  }

  @Test
  void ensureMakesOneOnlyWhereItIsOfUse() throws Exception {
    try (LoopFileSystem ext4 = LoopFileSystem.mount("ext4", 700);
        LoopFileSystem xfs = LoopFileSystem.mount("xfs", 320)) {
      assertThat(PoolImage.ensure(xfs.directory().resolve("d"), SIZE)).isEmpty();
      Path used = Files.createDirectory(ext4.directory().resolve("used"));
      Files.createFile(used.resolve("file"));
      assertThat(PoolImage.ensure(used, SIZE)).isEmpty();
      assertThat(used).isNotEmptyDirectory();
      Path data = Files.createDirectory(ext4.directory().resolve("d"));
      try {
        assertThat(PoolImage.ensure(data, SIZE)).get().extracting("made").isEqualTo(true);
        assertThat(PoolProbe.choose(data).pool().describe()).isEqualTo("btrfs subvolumes");
        assertThat(PoolImage.ensure(data, SIZE)).isEmpty();
      } finally {
        PoolImage.remove(data);
        Files.deleteIfExists(data);
      }
    }
  }
}
