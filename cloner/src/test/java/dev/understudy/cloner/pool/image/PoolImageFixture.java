package dev.understudy.cloner.pool.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.pool.LoopFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A place for an image, of which nothing is mounted or attached in the end. Needs root. */
abstract class PoolImageFixture {
  static final long SIZE = 600L << 20;
  Path home;
  Path dataDirectory;
  Path image;

  @BeforeEach
  final void choosePlace(@TempDir Path directory) throws IOException {
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
  final void nothingIsMountedOrAttached() throws Exception {
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

  List<String> mountsAndDevices() throws IOException {
    return Stream.concat(
            LoopFileSystem.run("losetup", "-a").lines(),
            Files.readString(Path.of("/proc/mounts")).lines())
        .filter(line -> line.contains(home.toString()))
        .toList();
  }

  PoolPlan plan(ImageType type) {
    return PoolPlan.image(dataDirectory, SIZE, type);
  }

  static void refused(PoolPlan plan, String message) {
    assertThatExceptionOfType(PoolImageException.class)
        .isThrownBy(() -> PoolImage.create(plan))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.hint()).as("hint of %s", message).isPresent());
  }
}
