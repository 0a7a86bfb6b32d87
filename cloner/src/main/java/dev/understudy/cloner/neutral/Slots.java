package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import java.sql.SQLException;
import java.util.List;

/**
 * Drops replication slots, which would keep WAL in every clone. A copy has none as a rule: their
 * files are left out of it.
 */
final class Slots implements PreparationStep {
  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    List<String> names =
        Query.column(
            copy.session(),
            "SELECT slot_name FROM pg_catalog.pg_replication_slots ORDER BY slot_name");
    for (String name : names) {
      Query.execute(
          copy.session(),
          "SELECT pg_catalog.pg_drop_replication_slot(%s)".formatted(SqlText.literal(name)));
      copy.found(Kind.REPLICATION_SLOT, null, name, "dropped");
    }
  }
}
