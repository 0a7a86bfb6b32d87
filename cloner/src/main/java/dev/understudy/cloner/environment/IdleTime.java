package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.idle.Silence;
import dev.understudy.cloner.idle.Verdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One idle time of one environment, and when it may be over. Looks are made one at a time. */
final class IdleTime {
  private final Environment environment;
  private final EnvironmentHost host;
  private final Duration length;
  private final Silence silence = new Silence();
  private volatile Instant notBefore = Instant.MIN;

  IdleTime(Environment environment, EnvironmentHost host, Duration length) {
    this.environment = environment;
    this.host = host;
    this.length = length;
  }

  Duration length() {
    return length;
  }

  /** Whatever clients do, it is not over for that long, or for its own length. */
  void putOff(Duration atMost) {
    Duration delay = length.compareTo(atMost) < 0 ? length : atMost;
    notBefore = host.clock().instant().plus(delay);
  }

  /** When it is over as far as clients go; a time that has passed if it is. Cheap. */
  Instant due() {
    Verdict verdict =
        host.idleness()
            .ofClients(
                environment.activity().last(), environment.sessions().lastConnecting(), length);
    Instant due =
        verdict instanceof Verdict.Awake(Instant lookAgain) ? lookAgain : host.clock().instant();
    return due.isBefore(notBefore) ? notBefore : due;
  }

  /** As far as clients go. Cheap. */
  boolean isOver() {
    return !due().isAfter(host.clock().instant());
  }

  /** Also asks the server, if there is one, and remembers what it says. Blocks. */
  boolean isOverFor(@Nullable Clone clone) {
    if (!isOver()) {
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
