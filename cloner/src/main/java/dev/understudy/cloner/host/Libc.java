package dev.understudy.cloner.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * Functions of the C library. Their numbers and constants are those of Linux, and the same on
 * x86-64 and aarch64 unless said. Thread-safe.
 */
final class Libc {
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int ESRCH = 3;

  static final int O_RDONLY = 0;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  /** Differs between the architectures. */
  static final int O_NOFOLLOW = x86() ? 0x20000 : 0x8000;

  static final int EFD_NONBLOCK = O_NONBLOCK;
  static final int EFD_CLOEXEC = O_CLOEXEC;
  static final short POLLIN = 1;

  static final long SYS_PIDFD_SEND_SIGNAL = 424;
  static final long SYS_PIDFD_OPEN = 434;
  static final long SYS_SETGROUPS = x86() ? 116 : 159;
  static final long SYS_SETRESUID = x86() ? 117 : 147;
  static final long SYS_SETRESGID = x86() ? 119 : 149;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
  private static final AddressLayout TEXT =
      ADDRESS.withTargetLayout(
          MemoryLayout.sequenceLayout(256, java.lang.foreign.ValueLayout.JAVA_BYTE));

  private static final MethodHandle SYSCALL =
      withErrno(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle OPEN =
      withErrno(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle READ =
      withErrno("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      withErrno("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      withErrno("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SYNCFS =
      withErrno("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENTFD =
      withErrno("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle POLL =
      withErrno("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle GETEUID =
      LINKER.downcallHandle(symbol("geteuid"), FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETEGID =
      LINKER.downcallHandle(symbol("getegid"), FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(symbol("strerror"), FunctionDescriptor.of(TEXT, JAVA_INT));

  private Libc() {}

  /** A system call by its number; at most four arguments, pointers as their addresses. */
  static long syscall(String name, long number, long... arguments) throws ErrnoException {
    long[] a = java.util.Arrays.copyOf(arguments, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      long result = (long) SYSCALL.invokeExact(state, number, a[0], a[1], a[2], a[3]);
      return check(name, result, state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  static int open(String path, int flags) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
      return (int) check("open " + path, fd, state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** Reads into the segment; 0 at the end of the file. */
  static long read(int fd, MemorySegment buffer) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      return check("read", (long) READ.invokeExact(state, fd, buffer, buffer.byteSize()), state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  static long write(int fd, MemorySegment buffer) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      return check("write", (long) WRITE.invokeExact(state, fd, buffer, buffer.byteSize()), state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** Never fails: after close, whatever it returns, the descriptor is gone on Linux. */
  static void close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) CLOSE.invokeExact(arena.allocate(CALL_STATE), fd);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static void syncfs(int fd) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      check("syncfs", (int) SYNCFS.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  static int eventfd() throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      int fd = (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK | EFD_CLOEXEC);
      return (int) check("eventfd", fd, state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  /** Waits without a limit for an event on one of {@code count} {@code struct pollfd}. */
  static void poll(MemorySegment descriptors, long count) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      check("poll", (int) POLL.invokeExact(state, descriptors, count, -1), state);
    } catch (Throwable e) {
      throw passOn(e);
    }
  }

  static int geteuid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static int getegid() {
    try {
      return (int) GETEGID.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static long check(String call, long result, MemorySegment state) throws ErrnoException {
    if (result >= 0) {
      return result;
    }
    int errno = (int) ERRNO.get(state, 0L);
    throw new ErrnoException(call, errno, strerror(errno));
  }

  private static String strerror(int errno) {
    try {
      return ((MemorySegment) STRERROR.invokeExact(errno)).getString(0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** A downcall itself throws nothing but errors. */
  private static ErrnoException passOn(Throwable thrown) {
    if (thrown instanceof ErrnoException e) {
      return e;
    }
    throw new AssertionError(thrown);
  }

  private static MethodHandle withErrno(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(symbol(name), descriptor, all);
  }

  private static MemorySegment symbol(String name) {
    return LOOKUP.find(name).orElseThrow(() -> new UnsatisfiedLinkError(name));
  }

  private static boolean x86() {
    return switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> true;
      case "aarch64" -> false;
      case String other -> throw new UnsupportedOperationException("not built for " + other);
    };
  }
}
