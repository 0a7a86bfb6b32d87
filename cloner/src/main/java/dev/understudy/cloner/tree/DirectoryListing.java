package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.SystemCall;
import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a directory of any size in little memory. Names that come or go meanwhile may be missed.
 */
public final class DirectoryListing implements AutoCloseable {
  private static final int BUFFER = 32 << 10;

  private final Directory directory;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER, 8);
  private long filled;
  private long position;

  /** Owns the directory. */
  DirectoryListing(Directory directory) {
    this.directory = directory;
  }

  /** The next name, or null at the end. */
  public @Nullable String next() throws SystemCallException {
    while (true) {
      if (position == filled) {
        filled =
            SystemCall.GETDENTS64.call(
                directory.name(), directory.number(), buffer.address(), BUFFER);
        position = 0;
        if (filled == 0) {
          return null;
        }
      }
      MemorySegment entry = buffer.asSlice(position);
      position += Short.toUnsignedInt(entry.get(ValueLayout.JAVA_SHORT_UNALIGNED, 16));
      String name = entry.getString(19, StandardCharsets.ISO_8859_1);
      if (!name.equals(".") && !name.equals("..")) {
        return name;
      }
    }
  }

  @Override
  public void close() {
    directory.close();
    arena.close();
  }
}
