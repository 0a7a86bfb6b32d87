package dev.understudy.cloner.standby;

import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Whether the C library sorts texts here as on production, by its version: known before anything is
 * copied. {@link CollationCheck} asks it again, of the copy.
 *
 * @param wanted what is done about a difference
 */
record GlibcCollations(Collations wanted) {
  void require(Production production, Connection connection)
      throws SQLException, SourceException, IOException {
    String here = wanted == Collations.REFUSE ? here() : "";
    if (here.isEmpty()) {
      return;
    }
    List<String> differing =
        RecordedCollation.of(RecordedCollation.Provider.LIBC, production, connection).stream()
            .filter(collation ->
                collation.version().matches("[0-9]+[.][0-9]+") && !collation.version().equals(here))
            .map(RecordedCollation::describe)
            .toList();
    if (!differing.isEmpty()) {
      throw CollationCheck.refusal(differing, "glibc " + here);
    }
  }

  /** Empty where it is another C library, or does not tell. */
  private static String here() throws IOException {
    try {
      ShortCommand.Result result = ShortCommand.run(List.of("getconf", "GNU_LIBC_VERSION"));
      String words = result.succeeded() ? result.output().strip() : "";
      return words.matches("glibc [0-9]+\\.[0-9]+") ? words.substring("glibc ".length()) : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    }
  }
}
