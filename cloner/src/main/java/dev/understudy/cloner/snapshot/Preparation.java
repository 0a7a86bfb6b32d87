package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import dev.understudy.cloner.source.CopyListener;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What is done to a recovered copy, by SQL, before it is sealed: steps, in this order. */
final class Preparation {
  private final String replacementKey = ReplacementKey.next();
  private final List<PreparationStep> steps;
  private final CopyListener listener;

  /**
   * @param ofSource the steps that its source's settings ask for, in their order
   * @param listener hears how far the longer ones are
   */
  Preparation(List<PreparationStep> ofSource, CopyListener listener) {
    requireNonNull(ofSource, "ofSource is null");
    this.listener = requireNonNull(listener, "listener is null");
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

  /**
   * @param data directory of the server
   */
  Prepared run(RunningServer server, String superuser, Path data) throws SQLException {
    try (RecoveredCopy copy = RecoveredCopy.open(server.socket(), superuser, data, listener)) {
      for (PreparationStep step : steps) {
        step.run(copy);
      }
      return new Prepared(
          copy.databases(), copy.roles(), replacementKey, copy.findings(), copy.abandoned());
    }
  }
}
