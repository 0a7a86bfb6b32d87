package dev.understudy.cloner.environment;

import dev.understudy.cloner.trash.TrashReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sessions hear of one environment: each thing seldom. Thread-safe; never blocks. */
final class Notices {
  /** Between two warnings of the same end. */
  static final Duration PERIOD = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  private final String environment;
  private final Runnable onWarned;
  private @Nullable Instant warnedAt;
  private @Nullable Instant logged;
  private boolean lost;

  /**
   * @param onWarned told when {@link #warnedAt} is another time; must not block
   */
  Notices(String environment, Runnable onWarned) {
    this.environment = environment;
    this.onWarned = onWarned;
  }

  /** What an earlier daemon recorded. */
  synchronized void restore(@Nullable Instant lastWarning) {
    warnedAt = lastWarning;
  }

  /** When a session heard last that the environment ends; null: never. */
  synchronized @Nullable Instant warnedAt() {
    return warnedAt;
  }

  /** It was made anew because a crash of the host took its data. */
  synchronized void dataWasLost() {
    lost = true;
  }

  /** Warns administrators, once of each end. */
  synchronized void log(Ending ending) {
    if (!isLogged(ending)) {
      logged = ending.at();
      LOG.warn(
          "environment {}: {} at {}",
          environment,
          ending.reason() == TrashReason.EXPIRED
              ? "expires"
              : "nobody has used it for long, it will be dropped",
          ending.at());
    }
  }

  synchronized boolean isLogged(Ending ending) {
    return ending.at().equals(logged);
  }

  /**
   * What the session that begins now is to hear.
   *
   * @param ending what ends the environment; null: nothing
   */
  synchronized List<EnvironmentNotice> take(@Nullable Ending ending, Instant now) {
    List<EnvironmentNotice> notices = new ArrayList<>();
    if (lost) {
      lost = false;
      notices.add(
          new EnvironmentNotice(
              "environment \"%s\" was made anew".formatted(environment),
              "What was written to it was lost with a crash of the host.",
              "With drop-after = never, environments survive that."));
    }
    String warning = ending == null ? null : ending.warning(now);
    if (ending != null && warning != null && isDue(now)) {
      warnedAt = now;
      onWarned.run();
      notices.add(notice(warning, ending.reason()));
    }
    return List.copyOf(notices);
  }

  private boolean isDue(Instant now) {
    return warnedAt == null
        || !now.isBefore(warnedAt.plus(PERIOD))
        || now.isBefore(warnedAt); // the clock was set back
  }

  private EnvironmentNotice notice(String warning, TrashReason reason) {
    return new EnvironmentNotice(
        "environment \"%s\" %s".formatted(environment, warning),
        null,
        reason == TrashReason.EXPIRED
            ? "Use does not put that off: copy what you still need, with pg_dump for example."
            : "Any statement keeps it for longer.");
  }
}
