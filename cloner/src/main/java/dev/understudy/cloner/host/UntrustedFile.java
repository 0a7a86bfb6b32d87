package dev.understudy.cloner.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Reading a file that somebody else may replace at any moment by a link, a pipe or something
 * endless. What it says is still only their word.
 */
public final class UntrustedFile {
  private UntrustedFile() {}

  /** At most the first {@code limit} bytes; follows no link in the last name and never blocks. */
  public static byte[] read(Path file, int limit) throws IOException {
    int fd =
        Libc.open(
            file.toString(), Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(limit);
      long length = 0;
      while (length < limit) {
        long read = Libc.read(fd, buffer.asSlice(length));
        if (read == 0) {
          break;
        }
        length += read;
      }
      return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    } finally {
      Libc.close(fd);
    }
  }
}
