package dev.understudy.server.doctor;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** Whether this host can limit what servers take. Tried with a group that is removed. */
public final class HostGroups {
  /** Of no daemon. */
  private static final Path PROBE = Path.of("/understudy-probe");

  private HostGroups() {}

  /** What stands in the way; empty: nothing. */
  public static Optional<String> fault() {
    ControlGroupProbe probe = new ControlGroupProbe(PROBE);
    try {
      probe.find();
      probe.forget();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  public static boolean areNeeded(Collection<EnvironmentPolicy> policies) {
    return policies.stream().anyMatch(policy -> policy.resources().needsGroup());
  }
}
