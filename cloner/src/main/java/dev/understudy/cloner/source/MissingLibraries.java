package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PreloadLibraries;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Libraries that production preloads, for all, for a database or for a role, and that are not
 * installed here. Nothing stands in the way of a copy, as clones preload few of them; but what
 * production's sessions have by them, sessions of clones lack.
 */
public final class MissingLibraries {
  /** Those for all are seen by who may read all settings; the others by everybody. */
  private static final String PRELOADED =
      """
      SELECT DISTINCT libraries FROM (
        SELECT setting FROM pg_settings WHERE name IN (NAMES)
        UNION ALL
        SELECT substr(entry, strpos(entry, '=') + 1)
        FROM pg_db_role_setting, unnest(setconfig) entry
        WHERE lower(split_part(entry, '=', 1)) IN (NAMES)) preloaded (libraries)
      WHERE libraries <> '' ORDER BY libraries\
      """
          .replace(
              "NAMES",
              "'shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries'");

  private final PostgresBinaries binaries;

  public MissingLibraries(PostgresBinaries binaries) {
    this.binaries = requireNonNull(binaries, "binaries is null");
  }

  /**
   * Tells of them, for people; empty where all are here.
   *
   * @param production with a {@code search_path} that can be trusted
   * @param expected names whose absence is no news
   */
  public Optional<String> warning(Connection production, Predicate<String> expected)
      throws SQLException {
    List<String> preloaded = new ArrayList<>();
    try (Statement statement = production.createStatement();
        ResultSet rows = statement.executeQuery(PRELOADED)) {
      while (rows.next()) {
        preloaded.add(rows.getString(1));
      }
    }
    // Any role of production's may write such a setting.
    List<String> missing =
        new PreloadLibraries(binaries.home())
            .missing(preloaded).stream()
                .filter(expected.negate())
                .map(name -> name.replaceAll("\\p{Cntrl}", "?"))
                .toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "production preloads libraries that are not installed here, and what needs them fails"
                + " in clones: "
                + String.join(", ", missing));
  }
}
