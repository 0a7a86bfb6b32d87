package dev.understudy.cloner.host;

import java.util.Optional;

/**
 * A hold on one process: a signal sent through it reaches that process or nobody, never another one
 * that has got its pid since. Thread-safe.
 */
public final class PidFd implements AutoCloseable {
  private final int fd;
  private boolean closed;

  /** Owns the descriptor. */
  PidFd(int fd) {
    this.fd = fd;
  }

  /** Empty where this process, and no other with its pid, has ended; a zombie has not. */
  public static Optional<PidFd> open(ProcessIdentity identity) throws SystemCallException {
    if (!identity.bootId().equals(BootId.current())) {
      return Optional.empty();
    }
    PidFd opened;
    try {
      opened =
          new PidFd((int) SystemCall.PIDFD_OPEN.call("of " + identity.pid(), identity.pid(), 0, 0));
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        // The latter two, by the kernel's age: the number is a thread's that leads no process.
        case SystemCallException.ESRCH, SystemCallException.ENOENT, SystemCallException.EINVAL ->
            Optional.empty();
        default -> throw e;
      };
    }
    // Only now can the pid not be reused any more, so only now its start time proves something.
    boolean same =
        ProcessStat.of(identity.pid())
            .filter(stat -> stat.startTicks() == identity.startTicks())
            .isPresent();
    if (!same) {
      opened.close();
      return Optional.empty();
    }
    return Optional.of(opened);
  }

  /** Returns false where the process has ended. */
  public synchronized boolean send(Signal signal) throws SystemCallException {
    if (closed) {
      return false;
    }
    try {
      SystemCall.PIDFD_SEND_SIGNAL.call(signal.name(), fd, signal.number(), 0);
      return true;
    } catch (SystemCallException e) {
      if (e.errno() == SystemCallException.ESRCH) {
        return false;
      }
      throw e;
    }
  }

  int descriptor() {
    return fd;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      SystemCall.close(fd);
    }
  }
}
