package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.Lifetime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end that an environment's policy has in store for it, if nothing changes until then.
 *
 * @param warnFrom people are told from then on: a day before, or a tenth of the whole time where
 *     that is less
 */
public record Ending(Instant at, TrashReason reason, Instant warnFrom) {
  private static final Duration LONGEST_WARNING = Duration.ofDays(1);
  private static final int WARNING_PART = 10;

  public Ending {
    requireNonNull(at, "at is null");
    requireNonNull(reason, "reason is null");
    requireNonNull(warnFrom, "warnFrom is null");
  }

  static @Nullable Ending idle(EnvironmentRecord record, Lifetime lifetime, Instant lastActivity) {
    return of(record, lastActivity, lifetime.dropAfter(), TrashReason.IDLE);
  }

  static @Nullable Ending expiry(EnvironmentRecord record, Lifetime lifetime) {
    return of(record, record.createdAt(), lifetime.expires(), TrashReason.EXPIRED);
  }

  private static @Nullable Ending of(
      EnvironmentRecord record, Instant from, @Nullable Duration time, TrashReason reason) {
    if (time == null || record.guarded()) {
      return null;
    }
    Instant end = from.plus(time);
    Instant kept = record.keptUntil();
    Instant at = kept == null || kept.isBefore(end) ? end : kept;
    Duration part = time.dividedBy(WARNING_PART);
    return new Ending(
        at, reason, at.minus(part.compareTo(LONGEST_WARNING) < 0 ? part : LONGEST_WARNING));
  }

  /** What people are told of it, with the environment as the subject; null: not yet. */
  public @Nullable String warning(Instant now) {
    if (now.isBefore(warnFrom)) {
      return null;
    }
    String left = words(Duration.between(now, at));
    return reason == TrashReason.EXPIRED
        ? "expires in " + left
        : "will be dropped in " + left + " if nobody uses it";
  }

  /** In whole hours, minutes where it is less than one, then seconds. */
  static String words(Duration left) {
    if (left.toHours() > 0) {
      return left.toHours() + " h";
    }
    return left.toMinutes() > 0 ? left.toMinutes() + " min" : Math.max(0, left.toSeconds()) + " s";
  }

  /** The same, but not that early. */
  Ending notBefore(Instant earliest) {
    return at.isBefore(earliest) ? new Ending(earliest, reason, warnFrom) : this;
  }
}
