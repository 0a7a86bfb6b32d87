package dev.understudy.proxy.client;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What passes in one session. Written on the session's event loop alone and read on any thread, a
 * little late at worst; so that no write costs more than one to a field does.
 */
public final class Traffic {
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong requestNanos;
  private final AtomicBoolean quiet = new AtomicBoolean();

  /**
   * @param nanoTime of the session's beginning, which counts as its first request
   */
  public Traffic(long nanoTime) {
    requestNanos = new AtomicLong(nanoTime);
  }

  /**
   * The client has sent something, and is waiting for the answer.
   *
   * @param nanoTime of now
   */
  public void received(int bytes, long nanoTime) {
    received.setOpaque(received.getPlain() + bytes);
    requestNanos.setOpaque(nanoTime);
    quiet.setOpaque(false);
  }

  /** The client was sent something. */
  public void sent(int bytes) {
    sent.setOpaque(sent.getPlain() + bytes);
  }

  /** Whether the server is waiting for the client, in no transaction. */
  public void quiet(boolean now) {
    quiet.setOpaque(now);
  }

  /** In bytes. */
  public long received() {
    return received.getOpaque();
  }

  /** In bytes. */
  public long sent() {
    return sent.getOpaque();
  }

  boolean isQuiet() {
    return quiet.getOpaque();
  }

  long requestNanos() {
    return requestNanos.getOpaque();
  }
}
