package dev.understudy.server.doctor;

import java.util.List;

/** Whether memory, processors and processes of clones can be limited. */
final class GroupsExamination implements Examination {
  private static final String SUBJECT = "control groups";

  private final boolean needed;

  GroupsExamination(boolean needed) {
    this.needed = needed;
  }

  @Override
  public List<Finding> examine() {
    return List.of(
        HostGroups.fault()
            .map(this::missing)
            .orElseGet(
                () -> Finding.good(SUBJECT, "memory, cpu-weight and processes can be limited")));
  }

  private Finding missing(String fault) {
    String advice = "start as root, or with Delegate=yes in the systemd unit";
    return needed
        ? Finding.bad(SUBJECT, "none, and the settings limit clones: " + fault, advice)
        : Finding.poor(SUBJECT, "none: " + fault, advice + ", if clones are to be limited");
  }
}
