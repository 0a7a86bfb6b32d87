package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.config.MaskRule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Changes the rows of a table by one statement, and then writes it anew with its indexes, so that
 * its files hold nothing of what was there before: neither in old rows, nor in columns that were
 * dropped, nor in what was stored out of line.
 */
final class TableMasking {
  private final Connection connection;
  private final MaskKey key;
  private final String encoding;
  private final String database;

  /**
   * @param connection auto-commit on
   */
  TableMasking(Connection connection, MaskKey key, String database) throws SQLException {
    this.connection = connection;
    this.key = key;
    this.database = database;
    this.encoding = encoding(connection);
  }

  /** Values hash alike in all databases whose encoding is known. */
  private static String encoding(Connection connection) throws SQLException {
    String own =
        Query.rows(connection, row -> row.getString(1), "SELECT getdatabaseencoding()").getFirst();
    return own.equals("SQL_ASCII") ? own : "UTF8";
  }

  void run(Relation relation, Map<Column, MaskRule> rules) throws SQLException {
    try {
      connection.setAutoCommit(false);
      AlwaysFiring firing = AlwaysFiring.disable(connection, List.of(relation));
      TableIndexes indexes =
          TableIndexes.rest(
              connection, relation, rules.keySet().stream().map(Column::number).toList());
      AlwaysGenerated generated = AlwaysGenerated.relax(connection, relation);
      update(relation, rules);
      generated.restore(connection);
      firing.enable(connection);
      connection.commit();
      connection.setAutoCommit(true);
      rewrite(connection, relation);
      indexes.resume(connection);
    } catch (SQLException e) {
      throw MaskFailure.of(
          "database %s: %s could not be masked".formatted(database, relation.name()),
          "A constraint that masked values violate needs another rule for its columns.",
          e);
    }
  }

  static void rewrite(Connection connection, Relation relation) throws SQLException {
    Query.execute(connection, "VACUUM (FULL) " + relation.sql());
  }

  private void update(Relation relation, Map<Column, MaskRule> rules) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(statement(relation, rules))) {
      statement.setBytes(1, key.inner());
      statement.setBytes(2, key.outer());
      statement.setString(3, encoding);
      statement.executeUpdate();
    }
  }

  static String statement(Relation relation, Map<Column, MaskRule> rules) {
    List<String> changes = new ArrayList<>();
    rules.forEach((column, rule) ->
        changes.add(
            SqlText.identifier(column.name())
                + " = "
                + new Transformation(rule, column.type()).expression(of(column))));
    String concerned =
        rules.keySet().stream()
            // A composite value is said to be NOT NULL only if none of its fields is null.
            .map(column -> of(column) + " IS DISTINCT FROM NULL")
            .collect(Collectors.joining(" OR "));
    return "UPDATE ONLY %s AS t SET %s FROM (SELECT ?::bytea AS i, ?::bytea AS o, ?::name AS e) AS k WHERE %s"
        .formatted(relation.sql(), String.join(", ", changes), concerned);
  }

  private static String of(Column column) {
    return "t." + SqlText.identifier(column.name());
  }
}
