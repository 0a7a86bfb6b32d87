package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.idle.Silence;
import dev.understudy.cloner.idle.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One idle time of one environment, and when it may be over. How long it is, is said anew each
 * time; null: it is never over. Looks are made one at a time.
 */
final class IdleTime {
  private final Environment environment;
  private final EnvironmentHost host;
  private final Silence silence = new Silence();
  private volatile Instant notBefore = Instant.MIN;

  IdleTime(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /** Whatever clients do, it is not over for that long, or for its own length. */
  void putOff(@Nullable Duration length, Duration atMost) {
    if (length != null) {
      Duration delay = length.compareTo(atMost) < 0 ? length : atMost;
      notBefore = host.clock().instant().plus(delay);
    }
  }

  /** When it is over as far as clients go; a time that has passed if it is. Cheap. */
  Instant due(@Nullable Duration length) {
    if (length == null) {
      return Instant.MAX;
    }
    Verdict verdict =
        host.idleness()
            .ofClients(
                environment.activity().last(), environment.sessions().lastConnecting(), length);
    Instant due =
        verdict instanceof Verdict.Awake(Instant lookAgain) ? lookAgain : host.clock().instant();
    return due.isBefore(notBefore) ? notBefore : due;
  }

  /** As far as clients go. Cheap. */
  boolean isOver(@Nullable Duration length) {
    return !due(length).isAfter(host.clock().instant());
  }

  /** Also asks the server, if there is one, and remembers what it says. Blocks. */
  boolean isOverFor(@Nullable Duration length, @Nullable Clone clone) {
    if (length == null || !isOver(length)) {
      return false;
    }
    if (clone == null) {
      return true;
    }
    return switch (host.idleness()
        .ofServer(clone, length, environment.activity().last(), silence)) {
      case Verdict.Idle() -> true;
      case Verdict.Working() -> {
        environment.activity().touch();
        yield false;
      }
      case Verdict.Awake(Instant lookAgain) -> {
        notBefore = lookAgain;
        yield false;
      }
    };
  }
}
