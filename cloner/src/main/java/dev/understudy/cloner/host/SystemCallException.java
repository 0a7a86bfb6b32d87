package dev.understudy.cloner.host;

import java.io.IOException;

/** A system call failed. The message names it, what it was done to, and the reason in words. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EMFILE = 24;
  public static final int ENOTTY = 25;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int EOPNOTSUPP = 95;
  public static final int EDQUOT = 122;

  private final int errno;

  SystemCallException(String what, int errno) {
    super(what + ": " + words(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  /** True where nothing more can be written: the disk or a quota is full. */
  public boolean isFull() {
    return errno == ENOSPC || errno == EDQUOT;
  }

  private static String words(int errno) {
    return switch (errno) {
      case EPERM -> "operation not permitted";
      case ENOENT -> "no such file or directory";
      case ESRCH -> "no such process";
      case EACCES -> "permission denied";
      case EBUSY -> "busy";
      case EEXIST -> "exists already";
      case EXDEV -> "not on the same file system";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "a directory";
      case EINVAL -> "invalid argument";
      case EMFILE -> "too many open files";
      case ENOTTY, EOPNOTSUPP -> "not supported by the file system";
      case ENOSPC -> "No space left on device";
      case EROFS -> "read-only";
      case ENOTEMPTY -> "directory not empty";
      case ELOOP -> "a symbolic link";
      case EDQUOT -> "Disk quota exceeded";
      default -> "errno " + errno;
    };
  }
}
