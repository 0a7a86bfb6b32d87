package dev.understudy.cloner.pool.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.pool.LoopFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images that are mounted again, or are no more what they were. */
final class PoolImageMountIT extends PoolImageFixture {
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
}
