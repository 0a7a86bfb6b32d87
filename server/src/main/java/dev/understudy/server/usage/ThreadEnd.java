package dev.understudy.server.usage;

/** The end of a thread that works until it is interrupted. */
final class ThreadEnd {
  private ThreadEnd() {}

  /** It has ended when this returns. An interrupt of the caller is kept for later. */
  static void await(Thread thread) {
    thread.interrupt();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
