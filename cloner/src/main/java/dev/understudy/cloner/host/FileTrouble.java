package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** What an administrator can do about files that cannot be read or written. */
public final class FileTrouble {
  private static final String DENIED =
      "Run Understudy as root, or as the user who owns these files, and see that no mount is"
          + " read-only.";
  private static final String OTHER =
      "See what it names, and that disk and file system are sound (dmesg, df); then try again.";

  private FileTrouble() {}

  /** What to do, in a sentence. */
  public static String hint(IOException trouble) {
    for (@Nullable Throwable e = trouble; e != null; e = e.getCause()) {
      if (e instanceof AccessDeniedException
          || (e instanceof SystemCallException call && isDenied(call))) {
        return DENIED;
      }
    }
    return OTHER;
  }

  private static boolean isDenied(SystemCallException e) {
    return switch (e.errno()) {
      case SystemCallException.EPERM, SystemCallException.EACCES, SystemCallException.EROFS -> true;
      default -> false;
    };
  }
}
