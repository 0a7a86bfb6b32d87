package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.UsageRow;
import java.util.List;

/** What is shown of what was used. */
final class UsageViews {
  private static final long MILLIS = 1_000;

  private final UsageOperations operations;

  UsageViews(UsageOperations operations) {
    this.operations = requireNonNull(operations, "operations is null");
  }

  View<UsageRow> usage(Actor actor) {
    return new View<>(
        List.of(
            Column.text("day"),
            Column.text("role"),
            Column.text("pattern"),
            Column.number("running_seconds"),
            Column.number("cpu_seconds"),
            Column.number("private_bytes_peak")),
        () -> operations.usage(actor, null, null),
        row ->
            ConsoleResult.row(
                row.day().toString(),
                row.party().role(),
                row.party().pattern(),
                row.amount().runningMillis() / MILLIS,
                row.amount().processorMillis() / MILLIS,
                row.amount().privateBytesPeak()));
  }
}
