package dev.understudy.proxy.session;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Tells from what a client sends whether it uses its environment, or only sees to it that its
 * connection lives. Nothing is looked at, nor told, twice a second. On the session's event loop.
 */
final class UseWatch {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Runnable used;
  private long lastUseNanos = System.nanoTime() - INTERVAL_NANOS;

  /** What was sent last may be a probe; the answer will tell. */
  private boolean undecided;

  /**
   * @param used told of use
   */
  UseWatch(Runnable used) {
    this.used = requireNonNull(used, "used is null");
  }

  /**
   * The client has sent something.
   *
   * @param between the server was ready, and not in a transaction
   * @param nanoTime of now
   */
  void sent(ByteBuf bytes, boolean between, long nanoTime) {
    if (nanoTime - lastUseNanos < INTERVAL_NANOS) {
      return;
    }
    switch (between ? Probe.of(bytes) : Probe.Kind.USE) {
      case PROBE -> {}
      case PREPARED -> undecided = true;
      case USE -> use();
    }
  }

  /** The server has said something. */
  void answered(ServerTail tail) {
    if (undecided && tail.isReadyAndIdle()) {
      undecided = false;
      if (!tail.isReadyAfterEmptyQuery()) {
        use();
      }
    }
  }

  private void use() {
    undecided = false;
    lastUseNanos = System.nanoTime();
    used.run();
  }
}
