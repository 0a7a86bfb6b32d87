package dev.understudy.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths as settings write them. */
final class Paths {
  private Paths() {}

  /**
   * @throws IllegalArgumentException with a message for the user, unless the path is absolute: a
   *     daemon's working directory is nobody's choice
   */
  static Path absolute(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is not a path", e);
    }
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("'" + text + "' is relative; write the path from / on");
    }
    return path.normalize();
  }
}
