package dev.understudy.cloner.tree;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reading a file that somebody else may replace at any moment by a link, a pipe or something
 * endless. What it says is still only their word.
 */
public final class UntrustedFile {
  private UntrustedFile() {}

  /** At most the first {@code limit} bytes; follows no link in the last name and never blocks. */
  public static byte[] read(Path path, int limit) throws IOException {
    try (RegularFile file = RegularFile.open(path)) {
      return file.read(limit);
    }
  }
}
