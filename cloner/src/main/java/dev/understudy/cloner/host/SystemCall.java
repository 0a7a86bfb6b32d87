package dev.understudy.cloner.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/** System calls, through {@code syscall(2)}: the numbers are the kernel's and never change. */
public enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  IOCTL(16, 29),
  FSYNC(74, 82),
  FCHMOD(91, 52),
  FCHOWN(93, 55),
  GETEUID(107, 175),
  GETEGID(108, 177),
  SETGROUPS(116, 159),
  SETRESUID(117, 147),
  SETRESGID(119, 149),
  GETDENTS64(217, 61),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  UNLINKAT(263, 35),
  FCHMODAT(268, 53),
  PPOLL(271, 73),
  UTIMENSAT(280, 88),
  EVENTFD2(290, 19),
  SYNCFS(306, 267),
  RENAMEAT2(316, 276),
  STATX(332, 291),
  PIDFD_SEND_SIGNAL(424, 424),
  PIDFD_OPEN(434, 434);

  private static final boolean ARM =
      switch (System.getProperty("os.arch", "")) {
        case "amd64", "x86_64" -> false;
        case "aarch64" -> true;
        case String other -> throw new UnsupportedOperationException("not built for " + other);
      };

  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;
  public static final int AT_EMPTY_PATH = 0x1000;
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int O_PATH = 0x200000;
  public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));

  private final int x86;
  private final int arm;

  SystemCall(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /**
   * Calls again when a signal came in between. Pointers are passed as their addresses.
   *
   * @param what to whom or what it is done, for the message; may be a name as in {@link FileNames}
   */
  public long call(String what, long first, long second, long third, long fourth, long fifth)
      throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long number = ARM ? arm : x86;
      while (true) {
        long result =
            (long) SYSCALL.invokeExact(state, number, first, second, third, fourth, fifth);
        if (result >= 0) {
          return result;
        }
        int errno = (int) ERRNO.get(state, 0L);
        if (errno != SystemCallException.EINTR || this == CLOSE) {
          throw new SystemCallException(
              name().toLowerCase(Locale.ROOT) + " " + FileNames.display(what), errno);
        }
      }
    } catch (SystemCallException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("a downcall throws nothing checked", e);
    }
  }

  public long call(String what, long first, long second, long third) throws SystemCallException {
    return call(what, first, second, third, 0, 0);
  }

  /** Whatever {@code close(2)} says, the descriptor is gone on Linux. */
  public static void close(int descriptor) {
    try {
      CLOSE.call(Integer.toString(descriptor), descriptor, 0, 0);
    } catch (SystemCallException e) {
      // What was written is synced where it matters.
    }
  }
}
