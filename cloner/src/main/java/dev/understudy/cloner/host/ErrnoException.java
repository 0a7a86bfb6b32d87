package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** A system call failed. */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  ErrnoException(String call, int errno, String meaning) {
    super(requireNonNull(call, "call is null") + ": " + meaning);
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
