package dev.understudy.cloner.mask;

import dev.understudy.cloner.postgres.ServerWords;
import dev.understudy.cloner.snapshot.LostServer;
import dev.understudy.cloner.snapshot.PreparationException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL says where it fails on rows, without a word that may be a value: its messages
 * quote rows and keys.
 */
final class MaskFailure {
  private static final String DISK_FULL = "53100";

  private MaskFailure() {}

  /** To be thrown; a full disk is left as it is, for the pool to be named. */
  static SQLException of(String message, @Nullable String hint, SQLException e) {
    if (DISK_FULL.equals(e.getSQLState())) {
      return new SQLException("the disk is full", DISK_FULL);
    }
    return LostServer.isReasonOf(e)
        ? new PreparationException(message + ": " + LostServer.WORDS, null, LostServer.HINT, null)
        : new PreparationException(message + ": " + words(e), null, hint, null);
  }

  private static String words(SQLException e) {
    ServerErrorMessage error = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    String names = ServerWords.names(e);
    return error != null && ServerWords.isOfText(e) ? names + ", " + error.getMessage() : names;
  }
}
