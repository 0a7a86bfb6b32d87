package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * What a party has used on one day.
 *
 * @param day in UTC
 */
public record UsageRow(LocalDate day, Party party, Amount amount) {
  public UsageRow {
    requireNonNull(day, "day is null");
    requireNonNull(party, "party is null");
    requireNonNull(amount, "amount is null");
  }
}
