package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.List;

/**
 * The content of {@code usage/DAY.json}.
 *
 * @param day in UTC
 * @param entries one for each party
 */
public record UsageDay(LocalDate day, List<UsageEntry> entries) {
  public UsageDay {
    requireNonNull(day, "day is null");
    entries = List.copyOf(entries);
  }
}
