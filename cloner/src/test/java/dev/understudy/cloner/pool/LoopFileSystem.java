package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A file system of its own, in a file, mounted for one test. */
public final class LoopFileSystem implements AutoCloseable {
  private final Path image;
  private final Path mountPoint;

  private LoopFileSystem(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
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
    LoopFileSystem made = new LoopFileSystem(image, mountPoint);
    run("mkfs." + type, image.toString());
    run(
        "mount",
        "-o",
        String.join(",", Stream.concat(Stream.of("loop"), Stream.of(options)).toList()),
        image.toString(),
        mountPoint.toString());
    return made;
  }

  public Path directory() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException {
    run("umount", mountPoint.toString());
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
