package dev.understudy.proxy.throttle;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.AddressBlock;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who guesses passwords, without locking out who knows one.
 *
 * <ul>
 *   <li>Failures of a <em>login from a host</em> have pauses behind them that double. Attempts take
 *       turns, whoever makes them; one whose turn is too far off is turned away unheard. A success
 *       clears them.
 *   <li>A login that succeeded from a host once is an <em>acquaintance</em>, and every login from
 *       loopback, behind which are sidecars, tunnels and everybody's jobs: failures delay its
 *       answers by a moment and turn nobody away, so that who has a wrong password cannot block
 *       somebody beside it who has the right one. Nothing of what follows concerns it.
 *   <li>Failures of all other logins from a <em>network</em> (IPv4 /24, IPv6 /64) do the same to
 *       the network.
 *   <li>Failures of a <em>login from everywhere</em> delay the answers to it, and turn nobody away:
 *       else anybody could lock anybody out.
 * </ul>
 *
 * <p>Whether a login exists makes no difference. What is remembered is bounded; what was not used
 * for longest is forgotten first. Thread-safe; never blocks.
 */
public final class Throttle {
  private static final Backoff OF_LOGIN_AT_HOST =
      new Backoff(5, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(60));
  private static final Backoff OF_ACQUAINTANCE =
      new Backoff(5, Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(60));
  private static final Backoff OF_NETWORK =
      new Backoff(50, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(6));
  private static final Backoff OF_LOGIN =
      new Backoff(100, Duration.ofMillis(250), Duration.ofSeconds(4), Duration.ofSeconds(6));

  private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);
  private static final int NETWORK_BITS_OF_IPV4 = 24;
  private static final int NETWORK_BITS_OF_IPV6 = 64;

  /** Of each kind that is remembered: some MB in all. */
  private static final int MOST_KEYS = 10_000;

  /** Longer ones do not exist, and must not fill the memory. */
  private static final int LONGEST_LOGIN = 63;

  private final BooleanSupplier isOn;
  private final Supplier<Duration> startupTimeout;
  private final LongSupplier nanoTime;

  private final Map<LoginAtHost, Failures> ofLoginsAtHosts;
  private final Map<AddressBlock, Failures> ofNetworks;
  private final Map<Login, Failures> ofLogins;
  private final Map<LoginAtHost, Boolean> acquaintances;

  /**
   * A throttle that has seen nobody yet.
   *
   * @param isOn asked anew for every attempt; false: it lets everything pass
   * @param startupTimeout within which clients must have authenticated: nobody waits for half of it
   */
  public Throttle(BooleanSupplier isOn, Supplier<Duration> startupTimeout) {
    this(isOn, startupTimeout, System::nanoTime);
  }

  /** The same, of another clock. */
  public Throttle(BooleanSupplier isOn, Supplier<Duration> startupTimeout, LongSupplier nanoTime) {
    this(isOn, startupTimeout, nanoTime, MOST_KEYS);
  }

  Throttle(
      BooleanSupplier isOn,
      Supplier<Duration> startupTimeout,
      LongSupplier nanoTime,
      int mostKeys) {
    this.isOn = requireNonNull(isOn, "isOn is null");
    this.startupTimeout = requireNonNull(startupTimeout, "startupTimeout is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.ofLoginsAtHosts = new RecentKeys<>(mostKeys);
    this.ofNetworks = new RecentKeys<>(mostKeys);
    this.ofLogins = new RecentKeys<>(mostKeys);
    this.acquaintances = new RecentKeys<>(mostKeys);
  }

  private long patienceNanos() {
    return Math.min(MOST_PATIENCE.toNanos(), startupTimeout.get().dividedBy(2).toNanos());
  }

  /**
   * An attempt of one client.
   *
   * @param source as for {@link dev.understudy.proxy.authenticate.Credentials#find}
   */
  public Attempt attempt(SocketAddress client, String login, String source) {
    String name = login.length() > LONGEST_LOGIN ? "" : login;
    return new Attempt(client, new Login(name, source));
  }

  private record Login(String name, String source) {}

  private record LoginAtHost(Login login, Object host) {}

  /** One client's attempt to authenticate. */
  public final class Attempt {
    private final Login login;
    private final LoginAtHost loginAtHost;
    private final @Nullable AddressBlock network;
    private final boolean isFromLoopback;

    private Attempt(SocketAddress client, Login login) {
      this.login = login;
      InetAddress address =
          client instanceof InetSocketAddress inet
              ? AddressBlock.unmapped(inet.getAddress())
              : null;
      this.loginAtHost =
          new LoginAtHost(
              login, address == null ? client : AddressBlock.around(address, NETWORK_BITS_OF_IPV6));
      this.isFromLoopback = address != null && address.isLoopbackAddress();
      this.network =
          address == null
              ? null
              : AddressBlock.around(
                  address,
                  address instanceof Inet4Address ? NETWORK_BITS_OF_IPV4 : NETWORK_BITS_OF_IPV6);
    }

    /** Asked before it begins: whether it would be turned away in the end. Null: it would not. */
    public @Nullable Duration turnedAwayFor() {
      synchronized (Throttle.this) {
        long wait = isOn.getAsBoolean() ? lineNanos(nanoTime.getAsLong()) : 0;
        return wait > patienceNanos() ? Duration.ofNanos(wait) : null;
      }
    }

    /**
     * Asked once the answer is known, before anybody hears it.
     *
     * @param isRight whether the client is who it says it is
     */
    public Ruling settle(boolean isRight) {
      synchronized (Throttle.this) {
        if (!isOn.getAsBoolean()) {
          return new Ruling.Answered(Duration.ZERO);
        }
        long now = nanoTime.getAsLong();
        long line = lineNanos(now);
        if (line > patienceNanos()) {
          return new Ruling.TurnedAway(Duration.ofNanos(line));
        }
        long after = Math.max(line, Math.min(delayNanos(now), patienceNanos()));
        if (isRight) {
          ofLoginsAtHosts.remove(loginAtHost);
          acquaintances.put(loginAtHost, true);
        } else {
          count(now);
        }
        return new Ruling.Answered(Duration.ofNanos(after));
      }
    }

    private boolean isAcquaintance() {
      return isFromLoopback || acquaintances.get(loginAtHost) != null;
    }

    private long lineNanos(long now) {
      if (isAcquaintance()) {
        return 0;
      }
      long line = waitNanos(ofLoginsAtHosts.get(loginAtHost), now);
      return network == null ? line : Math.max(line, waitNanos(ofNetworks.get(network), now));
    }

    private long delayNanos(long now) {
      return isAcquaintance()
          ? pauseNanos(ofLoginsAtHosts.get(loginAtHost), now, OF_ACQUAINTANCE)
          : pauseNanos(ofLogins.get(login), now, OF_LOGIN);
    }

    private void count(long now) {
      boolean isAcquaintance = isAcquaintance();
      ofLoginsAtHosts
          .computeIfAbsent(loginAtHost, _ -> new Failures(now))
          .add(now, isAcquaintance ? OF_ACQUAINTANCE : OF_LOGIN_AT_HOST);
      if (!isAcquaintance) {
        ofLogins.computeIfAbsent(login, _ -> new Failures(now)).add(now, OF_LOGIN);
        if (network != null) {
          ofNetworks.computeIfAbsent(network, _ -> new Failures(now)).add(now, OF_NETWORK);
        }
      }
    }

    private static long pauseNanos(@Nullable Failures failures, long now, Backoff backoff) {
      return failures == null ? 0 : failures.pauseNanos(now, backoff);
    }

    private static long waitNanos(@Nullable Failures failures, long now) {
      return failures == null ? 0 : failures.waitNanos(now);
    }
  }
}
