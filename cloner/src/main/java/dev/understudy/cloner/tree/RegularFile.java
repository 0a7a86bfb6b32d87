package dev.understudy.cloner.tree;

import static dev.understudy.cloner.host.SystemCall.AT_FDCWD;
import static dev.understudy.cloner.host.SystemCall.O_NONBLOCK;
import static dev.understudy.cloner.host.SystemCall.O_RDONLY;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.SystemCall;
import dev.understudy.cloner.host.SystemCallException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** An open regular file. */
public final class RegularFile extends FileDescriptor {
  private static final long FICLONE = 0x40049409L;
  private static final int CHUNK = 1 << 20;

  RegularFile(int number, String name) {
    super(number, name);
  }

  /** Trusts the way to the file, but not its last step. Opening never waits. */
  static RegularFile open(Path path) throws SystemCallException {
    String name = FileNames.of(path.toAbsolutePath());
    return new RegularFile(Directory.openAt(AT_FDCWD, name, O_RDONLY | O_NONBLOCK, 0), name);
  }

  /**
   * Makes this empty file share all blocks of the other one. Never copies a byte.
   *
   * @throws SystemCallException EOPNOTSUPP, EXDEV or EINVAL where blocks cannot be shared
   */
  public void shareBlocksOf(RegularFile source) throws SystemCallException {
    SystemCall.IOCTL.call("FICLONE " + name(), number(), FICLONE, source.number());
  }

  /**
   * Writes everything that can be read from the other one here, until its end, also where it grows
   * meanwhile.
   *
   * @return how many bytes
   */
  public long copyBytesOf(RegularFile source) throws SystemCallException, InterruptedIOException {
    long total = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(CHUNK, 4096);
      while (true) {
        Interruption.check();
        long length = SystemCall.READ.call(source.name(), source.number(), buffer.address(), CHUNK);
        if (length == 0) {
          return total;
        }
        write(buffer, length);
        total += length;
      }
    }
  }

  public void write(byte[] bytes) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      write(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes), bytes.length);
    }
  }

  /** The next bytes, at most so many; fewer at the end only. */
  public byte[] read(int atMost) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(atMost);
      long length = 0;
      while (length < atMost) {
        long read =
            SystemCall.READ.call(name(), number(), buffer.address() + length, atMost - length);
        if (read == 0) {
          break;
        }
        length += read;
      }
      return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private void write(MemorySegment bytes, long length) throws SystemCallException {
    long written = 0;
    while (written < length) {
      written +=
          SystemCall.WRITE.call(name(), number(), bytes.address() + written, length - written);
    }
  }
}
