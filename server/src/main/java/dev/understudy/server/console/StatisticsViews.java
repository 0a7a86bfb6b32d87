package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.client.DatabaseStatistics;
import dev.understudy.proxy.client.Totals;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonOperations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of what has passed, in PgBouncer's columns. What only who reads every message
 * knows, transactions, queries and prepared statements, is 0.
 */
final class StatisticsViews {
  private static final long MICROS = 1_000_000;
  private static final Column DATABASE = Column.text("database");

  /** Without {@code total_} and {@code avg_}, in the order of all three tables. */
  private static final List<String> NAMES =
      List.of(
          "server_assignment_count",
          "xact_count",
          "query_count",
          "bytes_received",
          "bytes_sent",
          "xact_time",
          "query_time",
          "wait_time",
          "client_parse_count",
          "server_parse_count",
          "bind_count",
          "client_login_count");

  private final DaemonOperations daemon;

  StatisticsViews(DaemonOperations daemon) {
    this.daemon = requireNonNull(daemon, "daemon is null");
  }

  View<DatabaseStatistics> whole(Actor actor) {
    return view(
        actor,
        Stream.concat(
                NAMES.stream().map(name -> "total_" + whole(name, "received", "sent")),
                NAMES.stream().map(name -> "avg_" + whole(name, "recv", "sent")))
            .toList(),
        statistics -> both(totals(statistics.totals()), averages(statistics)));
  }

  private static String whole(String name, String received, String sent) {
    return switch (name) {
      case "bytes_received" -> received;
      case "bytes_sent" -> sent;
      default -> name;
    };
  }

  View<DatabaseStatistics> totals(Actor actor) {
    return view(actor, NAMES, statistics -> totals(statistics.totals()));
  }

  View<DatabaseStatistics> averages(Actor actor) {
    return view(
        actor,
        NAMES.stream()
            .map(name ->
                switch (name) {
                  case "client_parse_count",
                      "server_parse_count",
                      "bind_count",
                      "client_login_count" ->
                      "avg_" + name;
                  default -> name;
                })
            .toList(),
        StatisticsViews::averages);
  }

  private View<DatabaseStatistics> view(
      Actor actor, List<String> names, Function<DatabaseStatistics, List<Long>> values) {
    return new View<>(
        Stream.concat(Stream.of(DATABASE), names.stream().map(Column::numeric)).toList(),
        () -> daemon.statistics(actor),
        statistics -> row(statistics.name().toString(), values.apply(statistics)));
  }

  private static List<@Nullable Object> row(String database, List<Long> values) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add(database);
    row.addAll(values);
    return row;
  }

  /** A row for each number. */
  View<List<Object>> sums(Actor actor) {
    return new View<>(
        List.of(Column.text("name"), Column.numeric("value")),
        () -> sums(daemon.statistics(actor)),
        line -> ConsoleResult.row(line.get(0), line.get(1)));
  }

  private static List<List<Object>> sums(List<DatabaseStatistics> statistics) {
    Totals totals =
        statistics.stream().map(DatabaseStatistics::totals).reduce(Totals.ZERO, Totals::plus);
    Totals recent =
        statistics.stream().map(DatabaseStatistics::recent).reduce(Totals.ZERO, Totals::plus);
    Duration period =
        statistics.stream().map(DatabaseStatistics::period).findFirst().orElse(Duration.ZERO);
    List<List<Object>> lines = new ArrayList<>();
    lines(lines, "total_", totals(totals));
    lines(lines, "avg_", averages(recent, period));
    return lines;
  }

  private static void lines(List<List<Object>> lines, String prefix, List<Long> values) {
    for (int i = 0; i < NAMES.size(); i++) {
      lines.add(List.of(prefix + sum(NAMES.get(i)), values.get(i)));
    }
  }

  private static String sum(String name) {
    return switch (name) {
      case "bytes_received" -> "client_bytes";
      case "bytes_sent" -> "server_bytes";
      case "client_parse_count", "server_parse_count", "bind_count" -> "ps_" + name;
      default -> name;
    };
  }

  private static List<Long> both(List<Long> one, List<Long> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  private static List<Long> totals(Totals totals) {
    return List.of(
        totals.assignments(),
        0L,
        0L,
        totals.received(),
        totals.sent(),
        0L,
        0L,
        totals.waitMicros(),
        0L,
        0L,
        0L,
        totals.logins());
  }

  private static List<Long> averages(DatabaseStatistics statistics) {
    return averages(statistics.recent(), statistics.period());
  }

  /** A second's, but for the time that was waited: that is of one session. */
  private static List<Long> averages(Totals recent, Duration period) {
    long micros = period.toNanos() / 1_000;
    return List.of(
        perSecond(recent.assignments(), micros),
        0L,
        0L,
        perSecond(recent.received(), micros),
        perSecond(recent.sent(), micros),
        0L,
        0L,
        recent.assignments() == 0 ? 0 : recent.waitMicros() / recent.assignments(),
        0L,
        0L,
        0L,
        perSecond(recent.logins(), micros));
  }

  private static long perSecond(long count, long micros) {
    return micros <= 0 ? 0 : (long) ((double) count * MICROS / micros);
  }
}
