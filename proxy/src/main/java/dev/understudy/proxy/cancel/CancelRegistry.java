package dev.understudy.proxy.cancel;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.startup.CancelRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The cancel keys of all sessions. Servers' own keys never reach a client: process ids of different
 * servers collide, and a key must not outlive its session.
 *
 * <p>Thread-safe. {@link Bytes} compare in constant time.
 */
public final class CancelRegistry {
  private static final int FIRST_MINOR_WITH_LONG_KEYS = 2;

  private final SecureRandom random = new SecureRandom();
  private final ConcurrentMap<Integer, Registration> registrations = new ConcurrentHashMap<>();

  /** As PostgreSQL makes keys: 4 bytes, and 32 where a minor of protocol 3 has room. */
  public static int keyLength(int minor) {
    return minor >= FIRST_MINOR_WITH_LONG_KEYS ? 32 : 4;
  }

  /**
   * Makes a key for a session, which has no server yet.
   *
   * @param cancelWait as for {@link CancelTarget.Waiting}
   * @param keyLength 4 for protocol 3.0, up to 256 from 3.2 on
   */
  public Registration register(Runnable cancelWait, int keyLength) {
    CancelTarget waiting = new CancelTarget.Waiting(cancelWait);
    Bytes key = Bytes.random(keyLength, random);
    while (true) {
      int pid = random.nextInt(1, Integer.MAX_VALUE);
      Registration registration = new Registration(new BackendKeyData(pid, key), waiting);
      if (registrations.putIfAbsent(pid, registration) == null) {
        return registration;
      }
    }
  }

  /** What a request cancels; empty when no session has that key. */
  public Optional<CancelTarget> find(CancelRequest request) {
    Registration registration = registrations.get(request.pid());
    return registration != null && registration.clientKey.key().equals(request.key())
        ? Optional.of(registration.target)
        : Optional.empty();
  }

  public int size() {
    return registrations.size();
  }

  /** The key of one session, from its start to its end. */
  public final class Registration {
    private final BackendKeyData clientKey;
    private final CancelTarget waiting;
    private volatile CancelTarget target;

    private Registration(BackendKeyData clientKey, CancelTarget waiting) {
      this.clientKey = requireNonNull(clientKey, "clientKey is null");
      this.waiting = requireNonNull(waiting, "waiting is null");
      this.target = waiting;
    }

    /** What the client gets in place of the server's. */
    public BackendKeyData clientKey() {
      return clientKey;
    }

    /** What the key cancels now. */
    public CancelTarget target() {
      return target;
    }

    /** From now on the key cancels what a server does. */
    public void reach(Path socket, BackendKeyData serverKey) {
      target = new CancelTarget.Server(socket, new CancelRequest(serverKey.pid(), serverKey.key()));
    }

    /** Its server is gone before it was ready: the key ends the wait for one again. */
    public void lose() {
      target = waiting;
    }

    /** From now on the key cancels nothing. Idempotent. */
    public void remove() {
      registrations.remove(clientKey.pid(), this);
    }
  }
}
