package dev.understudy.server.doctor;

import dev.understudy.cloner.sandbox.SandboxReport;
import dev.understudy.cloner.sandbox.SandboxReport.Attempt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether the servers of clones can be confined. */
final class IsolationExamination implements Examination {
  private static final String SUBJECT = "isolation";

  private final boolean mayGoWithout;

  IsolationExamination(boolean mayGoWithout) {
    this.mayGoWithout = mayGoWithout;
  }

  @Override
  public List<Finding> examine() throws IOException, InterruptedException {
    return findings(HostIsolation.probe());
  }

  private List<Finding> findings(SandboxReport report) {
    List<Finding> findings = new ArrayList<>();
    for (Attempt attempt : report.attempts()) {
      String name = attempt.sandbox().describe();
      findings.add(
          Finding.good(
              SUBJECT,
              attempt.holds()
                  ? name + ": holds"
                  : "not " + name + ": " + String.join("; ", attempt.faults())));
      if (attempt.holds() && !attempt.loopback()) {
        findings.add(
            Finding.poor(
                SUBJECT,
                "no loopback interface inside",
                "clones of PostgreSQL 14 and older collect no statistics"));
      }
    }
    if (report.attempts().stream().noneMatch(Attempt::holds)) {
      findings.add(nothing());
    }
    return findings;
  }

  private Finding nothing() {
    String advice =
        "install bubblewrap (apt-get install bubblewrap), start as root, or let ordinary users make"
            + " user namespaces (kernel.unprivileged_userns_clone = 1,"
            + " kernel.apparmor_restrict_unprivileged_userns = 0)";
    return mayGoWithout
        ? Finding.poor(SUBJECT, "none; a clone can reach what its user can reach", advice)
        : Finding.bad(SUBJECT, "none, and serve insists on it", advice + ", or isolation = none");
  }
}
