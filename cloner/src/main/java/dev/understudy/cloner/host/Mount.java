package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A line of {@code /proc/PID/mountinfo}.
 *
 * @param device major and minor number of the file system
 * @param root what of the file system is mounted, as a path from the file system's own root
 * @param point where it is mounted, as that process sees it
 * @param type of the file system, as {@code btrfs}
 * @param source what the file system calls its origin: a device, a dataset
 */
public record Mount(String device, Path root, Path point, String type, String source) {
  public Mount {
    requireNonNull(device, "device is null");
    requireNonNull(root, "root is null");
    requireNonNull(point, "point is null");
    requireNonNull(type, "type is null");
    requireNonNull(source, "source is null");
  }

  /** In the order of mounting: of two at one place the later one is seen. */
  public static List<Mount> of(String process) throws IOException {
    byte[] file = Files.readAllBytes(Path.of("/proc/" + process + "/mountinfo"));
    return new String(file, StandardCharsets.UTF_8)
        .lines()
        .flatMap(line -> parseIfExpressible(line).stream())
        .toList();
  }

  /** The file system, and the path in it, of a directory as this process sees it. */
  public static Mount locate(Path directory) throws IOException {
    return locate(directory, of("self"));
  }

  /**
   * As {@link #locate}, for many directories.
   *
   * @param mounts that this process sees
   */
  public static Mount locate(Path directory, List<Mount> mounts) throws IOException {
    Path real = directory.toRealPath();
    Mount found = holding(real, mounts);
    Path root = found.root().resolve(found.point().relativize(real).toString()).normalize();
    return new Mount(found.device(), root, real, found.type(), found.source());
  }

  /** The mount that a path without links lies on. */
  public static Mount holding(Path real) throws IOException {
    return holding(real, of("self"));
  }

  private static Mount holding(Path real, List<Mount> mounts) throws IOException {
    Mount found = null;
    for (Mount mount : mounts) {
      if (real.startsWith(mount.point())
          && (found == null || mount.point().getNameCount() >= found.point().getNameCount())) {
        found = mount;
      }
    }
    if (found == null) {
      throw new IOException(real + " is on no mounted file system");
    }
    return found;
  }

  /** What is mounted at a path without links itself: of several, the one that is seen. */
  public static Optional<Mount> at(Path real) throws IOException {
    return of("self").stream()
        .filter(mount -> mount.point().equals(real))
        .reduce((_, last) -> last);
  }

  /** Under LANG=C Java has no paths beyond ASCII, and nothing of ours can lie there. */
  private static Optional<Mount> parseIfExpressible(String line) {
    try {
      return Optional.of(parse(line));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static Mount parse(String line) {
    String[] fields = line.split(" ", -1);
    // Between them stands any number of optional fields.
    int separator = List.of(fields).indexOf("-");
    return new Mount(
        fields[2],
        Path.of(unescape(fields[3])),
        Path.of(unescape(fields[4])),
        fields[separator + 1],
        unescape(fields[separator + 2]));
  }

  /** Space, tab, line feed and backslash are written as three octal digits. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 3 < text.length() && text.substring(i + 1, i + 4).matches("[0-7]{3}")) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
