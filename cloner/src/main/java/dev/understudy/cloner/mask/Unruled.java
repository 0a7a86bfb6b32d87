package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.PersonalData.Guess;
import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.PreparationException;
import dev.understudy.config.ColumnName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What looks personal and has no rule, in all databases: told at once, or not at all. */
final class Unruled {
  /** Rows of a table that are looked at. */
  private static final int SAMPLE = 1_000;

  /** Of a value. */
  private static final int MOST_CHARACTERS = 65_536;

  private static final String MAIL_ADDRESS =
      "[[:alnum:]._%+-]+@[[:alnum:]-]+([.][[:alnum:]-]+)*[.][[:alpha:]]{2,}";

  private final List<String> details = new ArrayList<>();
  private final Set<String> lines = new LinkedHashSet<>();
  private boolean views;

  /**
   * Looks at all columns of one database, and into some rows of its tables and materialized views.
   *
   * @param refreshed views that will show what is masked, of tables that are looked at
   */
  void lookAt(
      Connection connection,
      String database,
      Catalogue catalogue,
      MaskPlan plan,
      Collection<Relation> refreshed)
      throws SQLException {
    for (Relation relation : catalogue.relations()) {
      boolean holdsRows =
          relation.isTable() || (relation.isMaterializedView() && relation.populated());
      if (holdsRows && !plan.truncated().contains(relation) && !refreshed.contains(relation)) {
        lookAt(connection, database, catalogue, plan, relation);
      }
    }
  }

  private void lookAt(
      Connection connection, String database, Catalogue catalogue, MaskPlan plan, Relation relation)
      throws SQLException {
    Map<Column, Guess> guesses = new LinkedHashMap<>();
    List<Column> texts = new ArrayList<>();
    for (Column column : relation.columns().values()) {
      if (column.generated() || isAnswered(catalogue, plan, relation, column)) {
        continue;
      }
      Guess guess = PersonalData.guess(relation.name().table(), column.name(), column.type());
      if (guess != null) {
        guesses.put(column, guess);
      } else if (isReadable(column.type())) {
        texts.add(column);
      }
    }
    for (Column column : withMailAddresses(connection, catalogue, relation, texts)) {
      guesses.put(column, PersonalData.withMailAddresses(column.type()));
    }
    guesses.forEach((column, guess) -> add(database, relation, column, guess));
  }

  /** What a mail address can stand in. */
  private static boolean isReadable(ColumnType type) {
    return type.isText()
        || type.kind() == ColumnType.Kind.JSON
        || type.kind() == ColumnType.Kind.JSONB
        || type.kind() == ColumnType.Kind.OTHER;
  }

  /**
   * By a rule of its own, or because the question is asked of the table that it inherits from; of a
   * foreign one it is not.
   */
  private static boolean isAnswered(
      Catalogue catalogue, MaskPlan plan, Relation relation, Column column) {
    return catalogue.withAncestors(relation).stream()
        .anyMatch(ancestor -> {
          Column same = ancestor.column(column.name());
          return same != null
              && (ancestor.equals(relation)
                  ? plan.ruleOf(relation, same) != null
                  : ancestor.isTable());
        });
  }

  /** Of what lies here: a foreign server would not answer. */
  private static Set<Column> withMailAddresses(
      Connection connection, Catalogue catalogue, Relation relation, List<Column> texts)
      throws SQLException {
    if (!catalogue.hasForeignBelow(relation)) {
      return withMailAddresses(connection, relation.sql(), texts);
    }
    Set<Column> found = new LinkedHashSet<>();
    for (Relation part : catalogue.withDescendants(relation)) {
      if (part.stores()) {
        found.addAll(withMailAddresses(connection, "ONLY " + part.sql(), texts));
      }
    }
    return found;
  }

  private static Set<Column> withMailAddresses(
      Connection connection, String from, List<Column> texts) throws SQLException {
    Set<Column> found = new LinkedHashSet<>();
    if (texts.isEmpty()) {
      return found;
    }
    List<String> samples = new ArrayList<>();
    List<String> tests = new ArrayList<>();
    for (Column column : texts) {
      String name = "c" + column.number();
      samples.add(
          "left(t.%s::text, %d) AS %s"
              .formatted(SqlText.identifier(column.name()), MOST_CHARACTERS, name));
      tests.add("bool_or(s." + name + " COLLATE \"C\" ~ ?)");
    }
    String query =
        "SELECT %s FROM (SELECT %s FROM %s AS t LIMIT %d) AS s"
            .formatted(String.join(", ", tests), String.join(", ", samples), from, SAMPLE);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 1; i <= tests.size(); i++) {
        statement.setString(i, MAIL_ADDRESS);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        for (int i = 0; i < texts.size(); i++) {
          if (row.getBoolean(i + 1)) {
            found.add(texts.get(i));
          }
        }
      }
    }
    return found;
  }

  private void add(String database, Relation relation, Column column, Guess guess) {
    ColumnName name = new ColumnName(relation.name(), column.name());
    String rule = guess.rule().equals("null") && column.notNull() ? "keep" : guess.rule();
    details.add("%s: %s, %s: %s".formatted(database, name, column.type().sql(), guess.what()));
    views |= relation.isMaterializedView();
    lines.add(
        relation.isMaterializedView()
            ? "databases.%s.tables.%s = truncate"
                .formatted(quoted(database), quoted(relation.name().toString()))
            : "databases.%s.columns.%s = %s"
                .formatted(quoted(database), quoted(name.toString()), rule));
  }

  void largeObjects(String database, long count) {
    details.add("%s: %d large objects".formatted(database, count));
    lines.add("databases.%s.large-objects = remove".formatted(quoted(database)));
  }

  /**
   * @throws PreparationException if there is anything
   */
  void refuse() throws PreparationException {
    if (!details.isEmpty()) {
      throw new PreparationException(
          "%d of what looks personal has no rule in its mask".formatted(details.size()),
          String.join("\n", details),
          "Decide about each; these lines in the section mask, with keep for what is not personal,"
              + " are a start"
              + (views ? " (of a materialized view, for each column, instead of truncate)" : "")
              + ":\n"
              + String.join("\n", lines),
          null);
    }
  }

  /** As HOCON writes a key. */
  private static String quoted(String key) {
    return '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
