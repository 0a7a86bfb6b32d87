package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What is done to a recovered copy, by SQL, before it is sealed: steps, in this order. */
final class Preparation {
  private final String replacementKey = ReplacementKey.next();
  private final List<PreparationStep> steps;

  /**
   * @param ofSource the steps that its source's settings ask for, in their order
   */
  Preparation(List<PreparationStep> ofSource) {
    requireNonNull(ofSource, "ofSource is null");
    List<PreparationStep> all = new ArrayList<>();
    all.add(new LeftoverRemoval());
    ofSource.stream().filter(step -> !step.comesLast()).forEach(all::add);
    all.add(new PasswordRemoval(replacementKey));
    ofSource.stream().filter(PreparationStep::comesLast).forEach(all::add);
    all.add(new OrphanedFiles());
    all.add(new WalTurn());
    this.steps = List.copyOf(all);
  }

  /**
   * What production has, its passwords included, which are nowhere in the copy afterwards.
   *
   * @param replacementKey what made the passwords that the copy has instead
   * @param abandoned files below the data directory that are to go when the server has stopped
   */
  record Prepared(
      List<Database> databases,
      List<Role> roles,
      String replacementKey,
      List<Finding> findings,
      List<String> abandoned) {}

  Prepared run(RunningServer server, String superuser) throws SQLException {
    try (RecoveredCopy copy = RecoveredCopy.open(server.socket(), superuser)) {
      for (PreparationStep step : steps) {
        step.run(copy);
      }
      return new Prepared(
          copy.databases(), copy.roles(), replacementKey, copy.findings(), copy.abandoned());
    }
  }
}
