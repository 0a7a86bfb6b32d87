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
  /**
   * Classes and states of what comes from the server, its host and its files, or from who may do
   * what. All others may be an extension's or a function's, about a value.
   */
  private static final Set<String> OF_THE_SERVER =
      Set.of("08", "42501", "53", "54", "55", "57", "58", "XX001", "XX002");

  /** Loads libraries: most of what it says has no state of its own. */
  private static final String LOADER = "dfmgr.c";

  private ServerWords() {}

  /** True if a value may be among all that it says. */
  public static boolean mayQuoteRows(SQLException e) {
    ServerErrorMessage error = error(e);
    String state = e.getSQLState();
    if (error == null && state == null) {
      return false; // our own words
    }
    boolean ofTheServer = state != null && OF_THE_SERVER.stream().anyMatch(state::startsWith);
    return error == null
        ? !ofTheServer
        : isWithin(error) || !(ofTheServer || isOfText(e) || LOADER.equals(error.getFile()));
  }

  /** True if it was found by reading a statement that came from us, not one made of rows. */
  public static boolean isOfText(SQLException e) {
    ServerErrorMessage error = error(e);
    return error != null
        && String.valueOf(error.getSQLState()).startsWith("42")
        && !isWithin(error)
        && error.getPosition() > 0;
  }

  /** While something ran, or was read, that is not the statement itself. */
  private static boolean isWithin(ServerErrorMessage error) {
    return error.getWhere() != null || error.getInternalQuery() != null;
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
