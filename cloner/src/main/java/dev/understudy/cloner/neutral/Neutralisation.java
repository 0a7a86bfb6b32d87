package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps after which a copy of production has no way to others left in its data. The sandbox is
 * the second wall, not the only one.
 */
public final class Neutralisation {
  private static final List<DatabaseWork> IN_EACH_DATABASE =
      List.of(
          new TemporaryRelations(),
          new Subscriptions(),
          new ForeignServers(),
          new ForeignTables(),
          new CronJobs(),
          new Extensions(),
          new CallsOut(),
          new UnloggedRelations());

  private Neutralisation() {}

  /**
   * These steps and others, which run in between: after what talks to others is gone, and while no
   * event trigger fires.
   *
   * @param keepEventTriggers they fire in clones
   */
  public static List<PreparationStep> around(
      List<PreparationStep> others, boolean keepEventTriggers) {
    EventTriggers eventTriggers = new EventTriggers(keepEventTriggers);
    List<PreparationStep> steps = new ArrayList<>();
    steps.add(new RoleSettings());
    steps.add(new Slots());
    steps.add(eventTriggers.disabling());
    steps.add(Neutralisation::inEachDatabase);
    steps.addAll(others);
    steps.add(eventTriggers.restoring());
    return steps;
  }

  private static void inEachDatabase(RecoveredCopy copy) throws SQLException {
    for (Database database : copy.databases()) {
      copy.inside(
          database,
          connection -> {
            for (DatabaseWork work : IN_EACH_DATABASE) {
              work.run(
                  connection,
                  (kind, name, action) -> copy.found(kind, database.name(), name, action));
            }
          });
    }
    OldRows.remove(copy.session(), Subscriptions.CATALOG);
  }
}
