package dev.understudy.proxy.console;

import dev.understudy.protocol.backend.NoticeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A query of PostgreSQL's system catalogs, as clients for people begin with. It is answered as by a
 * server that has one database, the console, and nothing in it: with the columns that were asked
 * for, and without rows but the few of {@link CatalogRow} and those that aggregates have of
 * nothing.
 */
final class CatalogQuery implements ConsoleStatement {
  /** Those of clients have up to some 5,000. */
  private static final int MOST_CHARACTERS = 20_000;

  private static final NoticeResponse NOTICE =
      NoticeResponse.notice(
          "the console has no tables, and nothing else that could be listed",
          "Queries of the system catalogs are answered as if there were nothing.",
          "SHOW HELP lists what the console has; for SQL connect to an environment.");

  private final List<OutputColumn> columns;
  private final List<List<@Nullable Object>> rows;
  private final int parameters;

  private CatalogQuery(
      List<OutputColumn> columns, List<List<@Nullable Object>> rows, int parameters) {
    this.columns = columns;
    this.rows = rows;
    this.parameters = parameters;
  }

  /**
   * Null: it is something else.
   *
   * @param parameters of the session: its settings
   */
  static @Nullable ConsoleStatement prepare(String text, Parameters parameters) {
    if (text.length() > MOST_CHARACTERS) {
      return null;
    }
    List<SqlToken> tokens = SqlToken.of(text);
    SelectParts parts = SelectParts.of(tokens);
    if (parts == null || !parts.namesCatalog()) {
      return null;
    }
    List<OutputColumn> columns = new ArrayList<>();
    for (List<SqlToken> expression : parts.expressions()) {
      if (!OutputColumn.isStar(expression)) {
        columns.add(OutputColumn.of(expression));
      } else if (parts.isOf("pg_database")) {
        CatalogRow.OF_DATABASE.keySet().stream()
            .sorted()
            .map(name -> new OutputColumn(name, name))
            .forEach(columns::add);
      }
    }
    if (columns.isEmpty()) {
      columns.add(new OutputColumn("?column?", null));
    }
    return new CatalogQuery(
        List.copyOf(columns), rows(parts, columns, parameters), parts.parameters());
  }

  private static List<List<@Nullable Object>> rows(
      SelectParts parts, List<OutputColumn> columns, Parameters parameters) {
    if (parts.isAggregate()) {
      List<@Nullable Object> ofNothing = new ArrayList<>();
      columns.forEach(column -> ofNothing.add(ofNothing(parts, column.attribute())));
      return List.of(ofNothing);
    }
    if (parts.isExistence() && columns.size() == 1) {
      return List.of(ConsoleResult.row("f"));
    }
    List<@Nullable Object> row = CatalogRow.of(parts, columns, parameters);
    return row == null ? List.of() : List.of(row);
  }

  /** What an aggregate makes of no rows. */
  private static @Nullable String ofNothing(SelectParts parts, @Nullable String aggregate) {
    if ("count".equals(aggregate)) {
      return "0";
    }
    // Drivers take the list of keywords apart, and expect one.
    return parts.isOf("pg_get_keywords") && "string_agg".equals(aggregate) ? "" : null;
  }

  @Override
  public List<Column> columns() {
    return columns.stream().map(column -> Column.text(column.name())).toList();
  }

  @Override
  public int parameters() {
    return parameters;
  }

  @Override
  public CompletableFuture<ConsoleResult> execute() {
    return CompletableFuture.completedFuture(
        new ConsoleResult(
            "SELECT " + rows.size(), rows, rows.isEmpty() ? List.of(NOTICE) : List.of()));
  }
}
