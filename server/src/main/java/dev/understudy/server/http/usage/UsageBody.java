package dev.understudy.server.http.usage;

import dev.understudy.server.usage.UsageRow;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a role has used on a day, as it is told.
 *
 * @param role null: the environments were nobody's
 */
record UsageBody(
    LocalDate day,
    @Nullable String role,
    String pattern,
    double runningSeconds,
    double cpuSeconds,
    long privateBytesPeak) {
  private static final double MILLIS = 1e3;

  static UsageBody of(UsageRow row) {
    return new UsageBody(
        row.day(),
        row.party().role(),
        row.party().pattern(),
        row.amount().runningMillis() / MILLIS,
        row.amount().processorMillis() / MILLIS,
        row.amount().privateBytesPeak());
  }
}
