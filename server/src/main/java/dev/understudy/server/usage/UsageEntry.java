package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

/** What a party has used within a day. */
public record UsageEntry(Party party, Amount amount) {
  public UsageEntry {
    requireNonNull(party, "party is null");
    requireNonNull(amount, "amount is null");
  }
}
