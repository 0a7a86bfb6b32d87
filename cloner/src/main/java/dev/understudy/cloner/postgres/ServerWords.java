package dev.understudy.cloner.postgres;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL says of a failure, without a word that may be a value of a row: its messages and
 * details quote rows and keys, and what functions say may be anything.
 */
public final class ServerWords {
  /** Of data, of constraints, and whatever PL/pgSQL raises. */
  private static final Set<String> OF_ROWS = Set.of("22", "23", "P0");

  private ServerWords() {}

  /** True if a value may be among all that it says. */
  public static boolean mayQuoteRows(SQLException e) {
    ServerErrorMessage error = error(e);
    String state = String.valueOf(e.getSQLState());
    return (error != null && (error.getWhere() != null || error.getInternalQuery() != null))
        || OF_ROWS.stream().anyMatch(state::startsWith);
  }

  /** All that it says, or no more than {@link #names} where that may quote a row. */
  public static String of(SQLException e) {
    return mayQuoteRows(e) ? names(e) : String.valueOf(e.getMessage());
  }

  /** Its SQLSTATE, and the names that PostgreSQL gives beside its message. */
  public static String names(SQLException e) {
    StringBuilder words = new StringBuilder("SQLSTATE ").append(e.getSQLState());
    ServerErrorMessage error = error(e);
    if (error != null) {
      append(words, "constraint", error.getConstraint());
      append(words, "table", error.getTable());
      append(words, "column", error.getColumn());
      append(words, "type", error.getDatatype());
    }
    return words.toString();
  }

  private static @Nullable ServerErrorMessage error(SQLException e) {
    return e instanceof PSQLException p ? p.getServerErrorMessage() : null;
  }

  private static void append(StringBuilder words, String what, @Nullable String name) {
    if (name != null) {
      words.append(", ").append(what).append(' ').append(name);
    }
  }
}
