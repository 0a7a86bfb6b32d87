package dev.understudy.cloner.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * File names are bytes. For system calls a name is a string of as many characters as it has bytes
 * (ISO 8859-1), so that every name survives, in whatever encoding it is and whatever the locale of
 * the daemon.
 */
public final class FileNames {
  private static final Charset PATHS =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private FileNames() {}

  public static String of(Path path) {
    return new String(path.toString().getBytes(PATHS), StandardCharsets.ISO_8859_1);
  }

  /** For a message: one line, control characters as {@code ?}. */
  public static String display(String name) {
    return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
        .replaceAll("\\p{Cntrl}", "?");
  }

  /** As a system call takes it. */
  public static MemorySegment cString(Arena arena, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }
}
