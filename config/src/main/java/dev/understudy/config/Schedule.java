package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/**
 * The moments that a cron expression of five fields names. Immutable.
 *
 * <p>In the night in which an hour is missing, what falls into it happens once, right after; in the
 * night in which an hour comes twice, it happens the first time only, unless it is hourly or more
 * often.
 *
 * @param expression as in {@code crontab(5)}
 */
public record Schedule(String expression) {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  public Schedule {
    requireNonNull(expression, "expression is null");
    parse(expression);
  }

  /** The first moment after this one; empty if there is none, as for the 30th of February. */
  public Optional<Instant> next(Instant after, ZoneId zone) {
    ExecutionTime times = parse(expression);
    Optional<Instant> regular =
        times.nextExecution(ZonedDateTime.ofInstant(after, zone)).map(ZonedDateTime::toInstant);
    Optional<Instant> inGap = inGap(times, after, zone);
    return inGap.filter(gap -> regular.isEmpty() || gap.isBefore(regular.get())).or(() -> regular);
  }

  /** The end of the missing hour if the next time on the clock would have been in it. */
  private static Optional<Instant> inGap(ExecutionTime times, Instant after, ZoneId zone) {
    LocalDateTime clock = LocalDateTime.ofInstant(after, zone);
    return times
        .nextExecution(clock.atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime)
        .map(zone.getRules()::getTransition)
        .filter(transition -> transition.isGap() && transition.getInstant().isAfter(after))
        .map(ZoneOffsetTransition::getInstant);
  }

  private static ExecutionTime parse(String expression) {
    try {
      return ExecutionTime.forCron(PARSER.parse(expression).validate());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no cron expression (%s); write for example \"0 4 * * *\", each day at 4:00"
              .formatted(expression, e.getMessage()),
          e);
    }
  }
}
