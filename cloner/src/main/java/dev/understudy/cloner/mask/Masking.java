package dev.understudy.cloner.mask;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.PreparationException;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Masks a copy, in all databases that its rules name; in all others it forgets no more than what
 * was learnt of rows in other places. All rules are checked against all databases before the first
 * row changes.
 */
public final class Masking implements PreparationStep {
  private final Mask mask;

  public Masking(Mask mask) {
    this.mask = requireNonNull(mask, "mask is null");
  }

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    try {
      mask(copy);
    } catch (PreparationException e) {
      throw e;
    } catch (SQLException e) {
      throw MaskFailure.of("the copy could not be masked", null, e);
    }
  }

  private void mask(RecoveredCopy copy) throws SQLException {
    List<String> problems = new ArrayList<>(unknownDatabases(copy));
    Unruled unruled = new Unruled();
    MaskProgress progress = new MaskProgress(copy.data(), copy.listener());
    for (Database database : copy.databases()) {
      if (mask.strict() || mask.databases().containsKey(database.name())) {
        copy.inside(
            database, connection -> check(connection, database, problems, unruled, progress));
      }
    }
    if (!problems.isEmpty()) {
      throw refused(problems);
    }
    unruled.refuse();
    for (Database database : copy.databases()) {
      DatabaseMasking work = new DatabaseMasking(copy, database, mask, progress);
      if (mask.databases().containsKey(database.name())) {
        work.run();
      } else {
        work.forgetElsewhere();
      }
    }
  }

  private List<String> unknownDatabases(RecoveredCopy copy) {
    List<String> known = copy.databases().stream().map(Database::name).toList();
    return mask.databases().keySet().stream()
        .filter(name -> !known.contains(name))
        .map(name -> "there is no database " + name)
        .toList();
  }

  private void check(
      Connection connection,
      Database database,
      List<String> problems,
      Unruled unruled,
      MaskProgress progress)
      throws SQLException {
    MaskSession.prepare(connection);
    Catalogue catalogue = Catalogue.read(connection);
    MaskPlan plan = MaskPlan.of(catalogue, mask.of(database.name()));
    List<String> found = new ArrayList<>(plan.problems());
    found.addAll(Constants.problems(connection, plan));
    if (found.isEmpty()) {
      found.addAll(ForeignKeys.problems(connection, catalogue, plan));
    }
    if (found.isEmpty()) {
      progress.expect(connection, plan.changed());
    }
    found.forEach(problem -> problems.add("database " + database.name() + ": " + problem));
    if (mask.strict()) {
      boolean named = mask.databases().containsKey(database.name());
      List<Relation> refreshed =
          named ? MaterializedViews.stale(connection, catalogue, plan.concerned()) : List.of();
      unruled.lookAt(connection, database.name(), catalogue, plan, refreshed);
      long largeObjects = LargeObjects.count(connection);
      if (largeObjects > 0 && mask.of(database.name()).largeObjects() == null) {
        unruled.largeObjects(database.name(), largeObjects);
      }
    }
  }

  private static PreparationException refused(List<String> problems) {
    boolean one = problems.size() == 1;
    return new PreparationException(
        one ? problems.getFirst() : problems.size() + " rules of the mask do not fit production",
        one ? null : String.join("\n", problems),
        "Change the rules in the section mask of the source, and start again.",
        null);
  }
}
