package dev.understudy.cloner.snapshot;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** The end of a copy's server while the copy is prepared, of which no step is the reason. */
public final class LostServer {
  public static final String WORDS = "the copy's server ended, or does not answer";
  public static final String HINT =
      "See this host's kernel log for what ended it; most often that is a lack of memory.";

  private LostServer() {}

  /** True if that is why a statement failed. */
  public static boolean isReasonOf(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    if (state.startsWith("08")) {
      // A server that says so itself means one that it could not connect to, a foreign one.
      return !(e instanceof PSQLException p) || p.getServerErrorMessage() == null;
    }
    // As PostgreSQL says it when it ends in order, when another of its processes has crashed, and
    // while it recovers from that.
    return state.equals("57P01") || state.equals("57P02") || state.equals("57P03");
  }
}
