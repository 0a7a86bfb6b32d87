package dev.understudy.cloner.environment;

/** The same on subvolumes of a loop-mounted btrfs. */
final class EnvironmentsOnBtrfsIT extends EnvironmentsIT {
  @Override
  StagePlace newPlace() throws Exception {
    return StagePlace.onBtrfs();
  }
}
