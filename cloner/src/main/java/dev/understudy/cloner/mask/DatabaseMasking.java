package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.PreparationException;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.MaskRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is done in one database: rules, then scripts, then all that was made of the values before.
 * Scripts come last so that they see nothing that a rule hides, can hand it to no other column, and
 * have the last word about what testers need to know, as the password of a first user.
 */
final class DatabaseMasking {
  private final RecoveredCopy copy;
  private final Database database;
  private final Mask mask;
  private final DatabaseMask rules;
  private final MaskProgress progress;

  /** Those of production, while they rest. */
  private @Nullable Publications publications;

  private @Nullable Visibility visibility;

  /** Relations that are written anew already. */
  private final Set<Long> rewritten = new HashSet<>();

  /** Relations that rules or scripts have changed. */
  private final Set<Long> changed = new HashSet<>();

  /** Relations of which nobody knows what scripts have changed in them. */
  private final Set<Long> scripted = new HashSet<>();

  /** Catalogs whose old rows are to go. */
  private final Set<String> catalogs = new TreeSet<>();

  DatabaseMasking(RecoveredCopy copy, Database database, Mask mask, MaskProgress progress) {
    this.copy = copy;
    this.database = database;
    this.mask = mask;
    this.rules = mask.of(database.name());
    this.progress = progress;
  }

  void run() throws SQLException {
    copy.inside(database, this::obey);
    for (MaskScript script : mask.scripts(database.name())) {
      copy.inside(database, connection -> run(connection, script));
    }
    copy.inside(database, this::finish);
  }

  /**
   * All that is done where there are no rules: a foreign table may show what is masked elsewhere.
   */
  void forgetElsewhere() throws SQLException {
    copy.inside(
        database,
        connection -> {
          MaskSession.prepare(connection);
          LearntValues learnt = new LearntValues(connection, Catalogue.read(connection));
          forget(learnt);
          tellUnlearnt(learnt);
          rewriteCatalogs(connection);
        });
  }

  private void obey(Connection connection) throws SQLException {
    MaskSession.prepare(connection);
    Catalogue catalogue = Catalogue.read(connection);
    MaskPlan plan = MaskPlan.of(catalogue, rules);
    publications = Publications.rest(connection);
    visibility = Visibility.read(connection);
    truncate(connection, catalogue, plan);
    TableMasking tables = new TableMasking(connection, mask.key(), database.name());
    for (Relation relation : plan.changed()) {
      progress.during(connection, relation, () -> tables.run(relation, plan.changes(relation)));
      rewritten.add(relation.oid());
      changed.add(relation.oid());
    }
    if (rules.largeObjects() == DatabaseMask.LargeObjects.REMOVE) {
      long count = LargeObjects.count(connection);
      catalogs.addAll(LargeObjects.remove(connection));
      found(Kind.LARGE_OBJECTS, "pg_largeobject", count + " removed");
    }
    rules
        .columns()
        .forEach((name, rule) -> {
          if (!(rule instanceof MaskRule.Keep)) {
            found(Kind.MASKED_COLUMN, name.toString(), Words.of(rule));
          }
        });
    dropComments(connection, plan);
  }

  private void truncate(Connection connection, Catalogue catalogue, MaskPlan plan)
      throws SQLException {
    List<Relation> tables = plan.truncated().stream().filter(Relation::isTable).toList();
    List<String> each = new ArrayList<>();
    for (Relation table : tables) {
      if (!catalogue.hasForeignBelow(table)) {
        each.add(table.sql());
      } else if (table.stores()) {
        each.add("ONLY " + table.sql()); // those below it that are here are in the plan, too
      }
    }
    try {
      if (!tables.isEmpty()) {
        connection.setAutoCommit(false);
        AlwaysFiring firing = AlwaysFiring.disable(connection, tables);
        if (!each.isEmpty()) {
          Query.execute(connection, "TRUNCATE " + String.join(", ", each));
        }
        firing.enable(connection);
        connection.commit();
        connection.setAutoCommit(true);
      }
      for (Relation relation : plan.truncated()) {
        if (relation.isMaterializedView()) {
          Query.execute(
              connection, "REFRESH MATERIALIZED VIEW " + relation.sql() + " WITH NO DATA");
        }
        rewritten.add(relation.oid());
        changed.add(relation.oid());
        scripted.add(relation.oid());
        found(Kind.TRUNCATED_TABLE, relation.name().toString(), "emptied");
      }
    } catch (SQLException e) {
      throw MaskFailure.of(
          "database %s: its tables could not be emptied".formatted(database.name()), null, e);
    }
  }

  private void dropComments(Connection connection, MaskPlan plan) throws SQLException {
    Set<Relation> concerned = new LinkedHashSet<>(plan.truncated());
    concerned.addAll(plan.masked().keySet());
    for (Relation relation : concerned) {
      boolean emptied = plan.truncated().contains(relation);
      var columns = emptied ? relation.columns().values() : plan.changes(relation).keySet();
      if (emptied || !columns.isEmpty()) {
        if (Comments.drop(connection, relation, columns) > 0) {
          catalogs.add("pg_description");
          found(Kind.COMMENT, relation.name().toString(), "dropped");
        }
      }
    }
  }

  private void run(Connection connection, MaskScript script) throws SQLException {
    MaskSession.prepareForScripts(connection);
    try {
      connection.setAutoCommit(false);
      ScriptTraces traces = ScriptTraces.begin(connection);
      script.run(connection, database.name());
      traces.end(connection);
      connection.commit();
      scripted.addAll(traces.relations());
      changed.addAll(traces.relations());
      rewritten.removeAll(traces.relations());
      catalogs.addAll(traces.catalogs());
    } catch (PreparationException e) {
      throw e;
    } catch (SQLException e) {
      throw MaskFailure.of(
          "database %s: the script %s failed at its end".formatted(database.name(), script.path()),
          null,
          e);
    }
    found(Kind.MASK_SCRIPT, script.path().toString(), "run");
  }

  private void finish(Connection connection) throws SQLException {
    MaskSession.prepare(connection);
    requireNonNull(publications, "publications is null").resume(connection);
    Catalogue catalogue = Catalogue.read(connection);
    MaskPlan plan = MaskPlan.of(catalogue, rules);
    LearntValues learnt = new LearntValues(connection, catalogue);
    Set<Relation> stale = new LinkedHashSet<>();
    for (Relation relation : catalogue.relations()) {
      if (changed.contains(relation.oid())) {
        stale.add(relation);
        if (scripted.contains(relation.oid())) {
          learnt.changed(relation);
        } else {
          learnt.changed(relation, plan.changes(relation).keySet());
        }
      }
    }
    rewriteRest(connection, catalogue);
    List<Relation> views = MaterializedViews.stale(connection, catalogue, stale);
    views.forEach(learnt::changed);
    forget(learnt);
    for (Relation view : views) {
      MaterializedViews.refresh(connection, view, database.name());
      found(Kind.REFRESHED_VIEW, view.name().toString(), "refreshed");
    }
    learnt.renew();
    tellUnlearnt(learnt);
    requireNonNull(visibility, "visibility is null").restore(connection);
    rewriteCatalogs(connection);
  }

  private void forget(LearntValues learnt) throws SQLException {
    if (learnt.forget()) {
      catalogs.add("pg_statistic_ext_data");
    }
  }

  private void tellUnlearnt(LearntValues learnt) {
    for (Relation relation : learnt.unlearnt()) {
      found(
          Kind.STATISTICS,
          relation.name().toString(),
          "left out: they are of foreign tables' rows, which nobody here can ask for");
    }
  }

  private void rewriteCatalogs(Connection connection) throws SQLException {
    for (String catalog : catalogs) {
      Query.update(
          connection,
          "DELETE FROM pg_statistic WHERE starelid = ('pg_catalog.' || ?)::regclass",
          catalog);
      Query.execute(connection, "VACUUM (FULL) pg_catalog." + catalog);
    }
  }

  /** What scripts have changed, and tables that still hold values of columns that were dropped. */
  private void rewriteRest(Connection connection, Catalogue catalogue) throws SQLException {
    Set<Long> waiting = new LinkedHashSet<>(scripted);
    waiting.addAll(
        Query.numbers(
            connection,
            "SELECT DISTINCT attrelid::bigint FROM pg_attribute WHERE attisdropped AND attnum >"
                + " 0"));
    waiting.removeAll(rewritten);
    for (long oid : waiting) {
      Relation relation = catalogue.numbered(oid);
      if (relation != null && (relation.stores() || relation.isMaterializedView())) {
        TableMasking.rewrite(connection, relation);
      }
    }
  }

  private void found(Kind kind, String name, String action) {
    copy.found(kind, database.name(), name, action);
  }
}
