package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.CarriedSettings;
import dev.understudy.cloner.source.LeftBehind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * What a copy of production has to know that is not in its data: asked of production, and kept for
 * when it cannot be asked.
 *
 * @param version as {@code server_version_num}
 * @param settings that clones carry
 * @param leftBehind what of production's is in no copy
 */
record ProductionFacts(int version, Map<String, String> settings, LeftBehind leftBehind) {
  ProductionFacts {
    settings = Map.copyOf(settings);
    requireNonNull(leftBehind, "leftBehind is null");
  }

  static ProductionFacts read(Connection connection) throws SQLException {
    return new ProductionFacts(
        Integer.parseInt(Rows.text(connection, "SELECT current_setting('server_version_num')")),
        CarriedSettings.read(connection),
        LeftBehind.read(connection));
  }

  int major() {
    return version / 10_000;
  }
}
