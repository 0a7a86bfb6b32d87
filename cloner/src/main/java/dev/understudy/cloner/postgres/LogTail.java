package dev.understudy.cloner.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a server's log, from one of its starts on. */
record LogTail(Path file, long from) {
  private static final int MAX_BYTES = 8 * 1024;
  private static final int MAX_LINES = 20;

  /** What is appended after this moment. */
  static LogTail fromNow(Path file) throws IOException {
    return new LogTail(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** Its last lines; empty where it cannot be read. */
  String read() {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      // Shorter than it was: it has been cut since, and what is left is of now.
      long since = from <= channel.size() ? from : 0;
      long start = Math.max(since, channel.size() - MAX_BYTES);
      ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
      channel.position(start);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // read until the end or the limit
      }
      String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
      List<String> lines = text.lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LINES), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }
}
