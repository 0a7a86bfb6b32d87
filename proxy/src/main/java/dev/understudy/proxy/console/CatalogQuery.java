package dev.understudy.proxy.console;

import dev.understudy.protocol.backend.NoticeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A query of PostgreSQL's system catalogs, as clients for people begin with. It is answered as by a
 * server that has one database, the console, and nothing in it: with the columns that were asked
 * for, and without rows.
 */
final class CatalogQuery implements ConsoleStatement {
  /** Those of clients have up to some 5,000. */
  private static final int MOST_CHARACTERS = 20_000;

  private static final String DATABASE = "understudy";

  private static final NoticeResponse NOTICE =
      NoticeResponse.notice(
          "the console has no tables, and nothing else that could be listed",
          "Queries of the system catalogs are answered as if there were nothing.",
          "SHOW HELP lists what the console has; for SQL connect to an environment.");

  /** What of {@code pg_database} clients look at. */
  private static final Map<String, String> ROW_OF_DATABASE =
      Map.of(
          "oid", "1",
          "datname", DATABASE,
          "datdba", "10",
          "encoding", "6",
          "datcollate", "C",
          "datctype", "C",
          "datistemplate", "f",
          "datallowconn", "t",
          "datconnlimit", "-1",
          "dattablespace", "1663");

  /** What functions make of that. */
  private static final Map<String, String> MADE_OF_DATABASE =
      Map.of("pg_encoding_to_char", "UTF8", "pg_get_userbyid", DATABASE);

  private final List<OutputColumn> columns;
  private final List<List<@Nullable Object>> rows;
  private final int parameters;

  private CatalogQuery(
      List<OutputColumn> columns, List<List<@Nullable Object>> rows, int parameters) {
    this.columns = columns;
    this.rows = rows;
    this.parameters = parameters;
  }

  /** Null: it is something else. */
  static @Nullable ConsoleStatement prepare(String text) {
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
        ROW_OF_DATABASE.keySet().stream()
            .sorted()
            .map(name -> new OutputColumn(name, name))
            .forEach(columns::add);
      }
    }
    if (columns.isEmpty()) {
      columns.add(new OutputColumn("?column?", null));
    }
    return new CatalogQuery(List.copyOf(columns), rows(parts, columns), parts.parameters());
  }

  private static List<List<@Nullable Object>> rows(SelectParts parts, List<OutputColumn> columns) {
    if (parts.isCount()) {
      return List.of(ConsoleResult.row("0"));
    }
    if (parts.isExistence()) {
      return List.of(ConsoleResult.row("f"));
    }
    if (!parts.isOf("pg_database") || !parts.mayBeAbout(DATABASE)) {
      return List.of();
    }
    List<@Nullable Object> row = new ArrayList<>();
    columns.forEach(column -> row.add(value(column.attribute())));
    return List.of(row);
  }

  private static @Nullable String value(@Nullable String attribute) {
    if (attribute == null) {
      return null;
    }
    String value = ROW_OF_DATABASE.get(attribute);
    return value == null ? MADE_OF_DATABASE.get(attribute) : value;
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
