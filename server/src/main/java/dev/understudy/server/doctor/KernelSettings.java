package dev.understudy.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code sysctl} shows.
 *
 * @param proc where the kernel tells it
 */
record KernelSettings(Path proc) {
  private static final int MAX_BYTES = 256;

  /**
   * @param name with slashes instead of dots
   */
  String get(String name) throws IOException {
    Path file = proc.resolve("sys").resolve(name);
    if (!Files.isReadable(file)) {
      return "not there";
    }
    try (InputStream in = Files.newInputStream(file)) {
      // The kernel gives a number to the first read only, so this must not begin with one byte.
      byte[] content = new byte[MAX_BYTES];
      int length = Math.max(0, in.read(content));
      return new String(content, 0, length, StandardCharsets.US_ASCII).strip();
    }
  }
}
