package dev.understudy.cloner.clone;

import dev.understudy.cloner.snapshot.Snapshot;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first session of a database after a server's start reads the catalog and writes a file of it;
 * this is that session.
 */
record WarmUp(Clone target) {
  /** Each costs a hundred kilobytes or two. */
  private static final int DATABASES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** Bounded in time. Whether it works or not, the clone is of use. */
  void of(List<Snapshot.Database> databases) throws InterruptedException {
    List<String> names =
        databases.stream()
            .filter(database -> database.allowsConnections() && !database.template())
            .map(Snapshot.Database::name)
            .limit(DATABASES)
            .toList();
    for (String name : names) {
      enter(name);
    }
  }

  private void enter(String database) throws InterruptedException {
    try {
      BriefSession.in(
          target,
          database,
          PATIENCE,
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.execute("SELECT 1");
            }
          });
    } catch (SQLException e) {
      LOG.debug("{}: no session in \"{}\": {}", target, database, e.toString());
    }
  }
}
