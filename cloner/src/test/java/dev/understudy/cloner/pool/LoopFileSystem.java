package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A file system of its own, in a file, mounted for one test. */
public final class LoopFileSystem implements AutoCloseable {
  private final Path image;
  private final Path mountPoint;
  private final String options;

  private LoopFileSystem(Path image, Path mountPoint, String options) {
    this.image = image;
    this.mountPoint = mountPoint;
    this.options = options;
  }

  /** Skips the test, with the reason, where that cannot be done. */
  public static LoopFileSystem mount(String type, long megabytes, String... options)
      throws IOException {
    assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
        "mounting a file system takes root");
    assumeTrue(
        Stream.of("/sbin", "/usr/sbin").anyMatch(d -> Files.exists(Path.of(d, "mkfs." + type))),
        "mkfs." + type + " is not installed");
    Path image = Files.createTempFile("understudy-test", ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(megabytes << 20);
    }
    Path mountPoint = Files.createTempDirectory("understudy-test");
    run("mkfs." + type, image.toString());
    LoopFileSystem made =
        new LoopFileSystem(
            image,
            mountPoint,
            String.join(",", Stream.concat(Stream.of("loop"), Stream.of(options)).toList()));
    made.mount();
    return made;
  }

  private void mount() throws IOException {
    run("mount", "-o", options, image.toString(), mountPoint.toString());
  }

  public Path directory() {
    return mountPoint;
  }

  /** In ever smaller pieces, to the last block. */
  public void fill() throws IOException {
    String script =
        """
        cd "$0"; n=0; size=1073741824
        while [ $size -ge 4096 ]; do
          if fallocate -l $size filler.$n 2>/dev/null; then n=$((n + 1)); else size=$((size / 2)); fi
        done
        """;
    run("sh", "-c", script, mountPoint.toString());
  }

  /** Removes what {@link #fill} wrote. */
  public void makeRoom() throws IOException {
    run("sh", "-c", "rm -f \"$0\"/filler.*; sync -f \"$0\"", mountPoint.toString());
  }

  /** As after a power cut at this moment: what only memory holds is lost. */
  void losePower() throws IOException {
    Path found = image.resolveSibling(image.getFileName() + ".found");
    run("cp", "--sparse=always", image.toString(), found.toString());
    run("umount", mountPoint.toString());
    Files.move(found, image, StandardCopyOption.REPLACE_EXISTING);
    mount();
  }

  /** What has just ended may still be about to let go of its files. */
  @Override
  public void close() throws IOException {
    String script =
        """
        for i in $(seq 100); do umount "$0" 2>/dev/null && exit; sleep 0.1; done
        umount "$0"
        """;
    run("sh", "-c", script, mountPoint.toString());
    Files.delete(mountPoint);
    Files.delete(image);
  }

  public static String run(String... command) throws IOException {
    return run(List.of(command));
  }

  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + output).isZero();
    return output;
  }
}
