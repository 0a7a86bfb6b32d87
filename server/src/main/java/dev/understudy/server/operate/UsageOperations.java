package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.usage.Accounting;
import dev.understudy.server.usage.UsageRow;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people can see of what was used: who sees all environments all of it, everybody else what
 * was their role's. Thread-safe.
 */
public final class UsageOperations {
  /** That are shown to who does not say which. */
  private static final int USUAL_DAYS = 30;

  private static final String INVALID_VALUE = "22023";

  private final Accounting accounting;

  public UsageOperations(Accounting accounting) {
    this.accounting = requireNonNull(accounting, "accounting is null");
  }

  /**
   * What was used until now, the earliest day first. Days are those of UTC. Blocks.
   *
   * @param from the first day; null: so that there are thirty
   * @param to the last day; null: today
   */
  public List<UsageRow> usage(Actor actor, @Nullable LocalDate from, @Nullable LocalDate to) {
    LocalDate last = to == null ? accounting.today() : to;
    LocalDate first = from == null ? last.minusDays(USUAL_DAYS - 1) : from;
    if (first.isAfter(last)) {
      throw OperationException.of(
          INVALID_VALUE,
          "the first day, %s, is after the last, %s".formatted(first, last),
          null,
          null);
    }
    List<UsageRow> rows = accounting.between(first, last);
    return actor.seesAll()
        ? rows
        : rows.stream().filter(row -> actor.role().equals(row.party().role())).toList();
  }
}
