package dev.understudy.cloner.standby;

import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The part of the question whether texts are sorted here as on production that can be answered
 * before anything is copied: the version of the C library. {@link CollationCheck} asks it whole.
 *
 * @param wanted what is done about a difference
 */
record GlibcCollations(Collations wanted) {
  private static final int WITH_VERSIONS = 150_000;

  void require(Connection production) throws SQLException, SourceException, IOException {
    if (wanted != Collations.REFUSE
        || Rows.number(production, "SHOW server_version_num") < WITH_VERSIONS) {
      return;
    }
    String here = here();
    if (here.isEmpty()) {
      return;
    }
    List<String> databases =
        Rows.texts(
            production,
            """
            SELECT quote_ident(datname) || ' (' || datcollversion || ')' FROM pg_database
            WHERE datlocprovider = 'c' AND datcollversion ~ '^[0-9]+[.][0-9]+$'
              AND datcollversion <> '%s' ORDER BY datname\
            """
                .formatted(here));
    if (!databases.isEmpty()) {
      throw CollationCheck.refusal(databases, "glibc " + here);
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
