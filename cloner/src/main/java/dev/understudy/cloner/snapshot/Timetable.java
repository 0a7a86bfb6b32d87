package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Jump;
import dev.understudy.config.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * When the next snapshot of a source is due: as scheduled, what was missed meanwhile at once, and
 * after a failure in ever longer pauses, without waiting for the schedule. Where the clock is set
 * back, as if it had been so before. Not thread-safe.
 */
final class Timetable {
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Supplier<Plan> plan;
  private final InstantSource clock;
  private Optional<Instant> due;
  private Duration pause = FIRST_PAUSE;
  private boolean retrying;
  private Plan known;

  /**
   * When snapshots are to be cut.
   *
   * @param schedule null: nothing is due but what failed
   */
  record Plan(@Nullable Schedule schedule, ZoneId zone) {
    Plan {
      requireNonNull(zone, "zone is null");
    }
  }

  /**
   * @param plan that of now: with another one, what the one before had missed is due no more
   * @param since when the newest snapshot was made
   */
  Timetable(Supplier<Plan> plan, InstantSource clock, Instant since) {
    this.plan = requireNonNull(plan, "plan is null");
    this.known = plan.get();
    this.clock = requireNonNull(clock, "clock is null");
    this.due = scheduled(Jump.notAfter(since, clock.instant()));
  }

  /** Zero or less: now. Empty: never, as things are. */
  Optional<Duration> untilDue() {
    Instant now = clock.instant();
    Plan wanted = plan.get();
    if (!wanted.equals(known)) {
      known = wanted;
      due = retrying ? due : scheduled(now);
    }
    Optional<Instant> latest = retrying ? Optional.of(now.plus(LONGEST_PAUSE)) : scheduled(now);
    if (due.isPresent() && latest.isPresent() && due.get().isAfter(latest.get())) {
      due = latest;
    }
    return due.map(moment -> Duration.between(now, moment));
  }

  void succeeded() {
    pause = FIRST_PAUSE;
    retrying = false;
    due = scheduled(clock.instant());
  }

  /** Plans the next try, and returns how long to wait for it. */
  Duration failed() {
    Duration wait = pause;
    pause =
        wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
    due = Optional.of(clock.instant().plus(wait));
    retrying = true;
    return wait;
  }

  private Optional<Instant> scheduled(Instant after) {
    Schedule schedule = known.schedule();
    return schedule == null ? Optional.empty() : schedule.next(after, known.zone());
  }
}
