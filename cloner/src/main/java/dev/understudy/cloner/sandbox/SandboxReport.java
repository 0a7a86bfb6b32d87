package dev.understudy.cloner.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this host can isolate with, by trying.
 *
 * @param attempts in the order of preference; those after the first that holds were not tried
 */
public record SandboxReport(List<Attempt> attempts) {
  /**
   * One way, tried.
   *
   * @param faults why it does not hold, or could not be tried; empty if it holds
   * @param loopback whether a loopback interface is up inside
   */
  public record Attempt(Sandbox sandbox, List<String> faults, boolean loopback) {
    public Attempt {
      faults = List.copyOf(faults);
    }

    public boolean holds() {
      return faults.isEmpty();
    }
  }

  public SandboxReport {
    attempts = List.copyOf(attempts);
  }

  /** The one to use; empty where this host cannot isolate. */
  public Optional<Sandbox> sandbox() {
    return attempts.stream().filter(Attempt::holds).map(Attempt::sandbox).findFirst();
  }

  /** For people: what was tried with what result, and what would help. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Attempt attempt : attempts) {
      lines.add(
          attempt.holds()
              ? attempt.sandbox().describe() + ": holds"
              : attempt.sandbox().describe() + ": " + String.join("; ", attempt.faults()));
      if (attempt.holds() && !attempt.loopback()) {
        lines.add("no loopback interface inside: PostgreSQL 14 and older collect no statistics");
      }
    }
    if (sandbox().isEmpty()) {
      lines.add(
          "install bubblewrap; in a container it needs CAP_SYS_ADMIN or unprivileged user"
              + " namespaces (kernel.unprivileged_userns_clone, user.max_user_namespaces,"
              + " kernel.apparmor_restrict_unprivileged_userns), and a /proc that is not masked");
    }
    return List.copyOf(lines);
  }
}
