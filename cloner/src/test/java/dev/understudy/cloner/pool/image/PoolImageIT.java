package dev.understudy.cloner.pool.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.LoopDevices;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.config.MinFree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Real images on real loop devices. */
class PoolImageIT {
  private static final long SIZE = 600L << 20;

  private Path home;
  private Path dataDirectory;
  private Path image;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "mounting a file system takes root");
    for (ImageType type : ImageType.values()) {
      assumeTrue(Programs.find(type.maker()).isPresent(), type.maker() + " is not installed");
    }
    home = directory.toRealPath();
    dataDirectory = home.resolve("data");
    image = home.resolve("data.img");
  }

  @AfterEach
  void nothingIsMountedOrAttached() throws Exception {
    if (home != null) {
      PoolImage.remove(dataDirectory);
      // A process that was being started meanwhile may still see the mount for a moment.
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!mountsAndDevices().isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertThat(mountsAndDevices()).isEmpty();
    }
  }

  private List<String> mountsAndDevices() throws IOException {
    return Stream.concat(
            LoopFileSystem.run("losetup", "-a").lines(),
            Files.readString(Path.of("/proc/mounts")).lines())
        .filter(line -> line.contains(home.toString()))
        .toList();
  }

  private PoolPlan plan(ImageType type) {
    return PoolPlan.image(dataDirectory, SIZE, type);
  }

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

  private static void refused(PoolPlan plan, String message) {
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() -> PoolImage.create(plan))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.hint()).as("hint of %s", message).isPresent());
  }

  @Test
  void aStrangeFileInPlaceOfTheImageIsExplainedAndKept() throws Exception {
    PoolRecord.file(dataDirectory)
        .write(
            new PoolRecord(
                PoolRecord.State.MAKING, image.toString(), false, SIZE, ImageType.BTRFS, "1-2"));
    Files.writeString(image, "keep me");
    refused(plan(ImageType.BTRFS), image + " is not the image that the record");
    assertThat(image).hasContent("keep me");
    Files.delete(image);
  }

  @Test
  void aMissingOrAnotherImageIsNotMounted() throws Exception {
    PoolImage.create(plan(ImageType.BTRFS));
    LoopFileSystem.run("umount", dataDirectory.toString());
    Path aside = home.resolve("aside");
    Files.move(image, aside);
    notMounted("is gone: there is no " + image);
    LoopFileSystem.run("truncate", "-s", "600M", image.toString());
    LoopFileSystem.run("mkfs.btrfs", "-q", image.toString());
    notMounted("does not hold the pool of " + dataDirectory);
    Files.delete(image);
    Files.move(aside, image);
    Path written = Files.writeString(dataDirectory.resolve("written"), "x");
    notMounted("is not empty");
    Files.delete(written);
    assertThat(PoolImage.mount(dataDirectory)).isTrue();
  }

  @Test
  void ofDaemonsThatStartAtOnceOneMountsIt() throws Exception {
    PoolImage.create(plan(ImageType.BTRFS));
    LoopFileSystem.run("umount", dataDirectory.toString());
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  MountingMain.class.getName(),
                  dataDirectory.toString())
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      assertThat(process.inputReader().readLine()).isEqualTo("ready");
    }
    for (Process process : processes) {
      process.getOutputStream().close();
    }
    List<String> words = new ArrayList<>();
    for (Process process : processes) {
      words.add(String.join("\n", process.inputReader().lines().toList()));
      assertThat(process.waitFor()).isZero();
    }
    assertThat(words).containsExactlyInAnyOrder("true", "false", "false");
    assertThat(mountsAndDevices()).as("one device, one mount").hasSize(2);
  }

  private void notMounted(String message) {
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() -> PoolImage.mount(dataDirectory))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.hint()).as("hint of %s", message).isPresent());
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
        Pool pool = PoolProbe.choose(data, new MinFree.Size(100L << 20)).pool();
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
      Path data = ext4.directory().resolve("d");
      try {
        assertThat(PoolImage.ensure(data, SIZE)).get().extracting("made").isEqualTo(true);
        assertThat(PoolProbe.choose(data).pool().describe()).isEqualTo("btrfs subvolumes");
      } finally {
        PoolImage.remove(data);
        Files.deleteIfExists(data);
      }
    }
  }
}
