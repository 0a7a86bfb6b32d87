package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What a server says. It holds the file open and appends, so the file is shortened in place. What
 * is written in that moment may be lost.
 */
record ServerLog(Path file) {
  static final long MAX_BYTES = 16L << 20;

  /** Of a log that was too long. */
  static final int KEPT_BYTES = 64 * 1024;

  /** The most that is shown of it at once. */
  static final int SHOWN_BYTES = 1 << 20;

  /** Shortens the log to its end if it is too long; cheap if it is not. */
  void trim() throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        append(cut());
      }
    } catch (NoSuchFileException e) {
      // No server has been started yet, or all is being deleted.
    }
  }

  /** Empties it and returns its end. */
  private ByteBuffer cut() throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer end = end(channel, KEPT_BYTES);
      channel.truncate(0);
      return end;
    }
  }

  /**
   * Its last lines, whole ones only; none where no server has been started yet.
   *
   * @param most how many; fewer if they are long
   */
  List<String> last(int most) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      boolean isWhole = channel.size() <= SHOWN_BYTES;
      String text = StandardCharsets.UTF_8.decode(end(channel, SHOWN_BYTES)).toString();
      List<String> lines = text.lines().skip(isWhole ? 0 : 1).toList();
      return lines.subList(Math.max(0, lines.size() - most), lines.size());
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static ByteBuffer end(FileChannel channel, int most) throws IOException {
    ByteBuffer end = ByteBuffer.allocate(most);
    long position = Math.max(0, channel.size() - most);
    while (end.hasRemaining() && channel.read(end, position + end.position()) >= 0) {
      // read until the end or the limit
    }
    return end.flip();
  }

  private void append(ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
