package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client of BoringSSL end its side of a connection (close_notify) and still get its answers,
 * as TLS, PostgreSQL and the JDK's engine have it. BoringSSL can do that; what Netty puts over it
 * ends both sides as soon as it sees the one end, and has no setting for it. It does not look for
 * what it believes to have seen already. On the connection's event loop.
 */
final class HalfClose {
  private static final @Nullable VarHandle SEEN = find();

  private HalfClose() {}

  private static @Nullable VarHandle find() {
    try {
      return MethodHandles.privateLookupIn(
              ReferenceCountedOpenSslEngine.class, MethodHandles.lookup())
          .findVarHandle(ReferenceCountedOpenSslEngine.class, "receivedShutdown", boolean.class);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** Whether this Netty is such as is known here. */
  static boolean isPossible() {
    return SEEN != null;
  }

  /** From now on who looks for the client's end asks {@link #hasClientEnded}. */
  static void allow(ReferenceCountedOpenSslEngine engine) {
    requireNonNull(SEEN, "not possible").set(engine, true);
  }

  /**
   * Our own side is about to end: with both believed to have ended, the engine would be freed, and
   * what the client still sends be left unread. From now on the client's end may end both.
   */
  static void forbid(ReferenceCountedOpenSslEngine engine) {
    requireNonNull(SEEN, "not possible").set(engine, false);
  }

  /** Whether the client has said that it sends no more; it has where the engine is freed. */
  static boolean hasClientEnded(ReferenceCountedOpenSslEngine engine) {
    synchronized (engine) { // as its own methods are: it may be freed
      long connection = engine.sslPointer();
      return connection == 0 || (SSL.getShutdown(connection) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
    }
  }
}
