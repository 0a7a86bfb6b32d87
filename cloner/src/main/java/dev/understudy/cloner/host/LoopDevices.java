package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code /sys} knows of loop devices. */
public final class LoopDevices {
  private static final Path BLOCK = Path.of("/sys/block");

  /** Added by the kernel to the name of a file that was unlinked. */
  private static final String DELETED = " (deleted)";

  private LoopDevices() {}

  /**
   * The file behind a device, by the path that it had when it was attached. Empty for what is no
   * loop device.
   */
  public static Optional<Path> backingFile(Path device) throws IOException {
    Path name = device.getFileName();
    if (!device.startsWith("/dev") || name == null || !name.toString().startsWith("loop")) {
      return Optional.empty();
    }
    try {
      byte[] text = Files.readAllBytes(BLOCK.resolve(name.toString() + "/loop/backing_file"));
      String path = new String(text, StandardCharsets.UTF_8).strip();
      return Optional.of(
          Path.of(
              path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path));
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Those that a file, or one below a directory, is attached to. */
  public static List<Path> below(Path path) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(BLOCK, "loop*")) {
      for (Path entry : devices) {
        Path device = Path.of("/dev").resolve(entry.getFileName());
        if (backingFile(device).filter(file -> file.startsWith(path)).isPresent()) {
          found.add(device);
        }
      }
    }
    return found;
  }
}
