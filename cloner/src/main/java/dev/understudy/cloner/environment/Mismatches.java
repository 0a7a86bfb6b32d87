package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.config.EnvironmentPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where an environment is not what the settings of now would make of its name. */
final class Mismatches {
  private static final Logger LOG = LoggerFactory.getLogger(Mismatches.class);

  private final EnvironmentHost host;

  Mismatches(EnvironmentHost host) {
    this.host = host;
  }

  /** It is what somebody works with: not ours to drop. */
  void tell(Pointer pointer) {
    tellOfPolicy(pointer.record());
    tellOfDurability(pointer);
    tellOfMask(pointer);
  }

  private void tellOfMask(Pointer pointer) {
    Clone clone = pointer.target();
    if (clone != null
        && !host.snapshots().isWanted(clone.origin().source(), clone.origin().mask())) {
      LOG.warn(
          "environment {}: its data was {}; today's settings want otherwise, so drop it if nobody"
              + " may see that any more",
          pointer.record().name(),
          clone.origin().mask() == null ? "NOT MASKED" : "masked by other rules");
    }
  }

  private void tellOfDurability(Pointer pointer) {
    Clone clone = pointer.target();
    String name = pointer.record().name();
    if (clone != null
        && clone.server().isPresent()
        && !clone.isDurable()
        && host.policies().of(pointer.record()).filter(EnvironmentPolicy::isDurable).isPresent()) {
      LOG.warn(
          "environment {}: it was made throw-away and runs on with fsync off, so a crash of the"
              + " host costs its data; it is durable once it has been put to sleep (SUSPEND"
              + " ENVIRONMENT {}) and woken again",
          name,
          name);
    }
  }

  private void tellOfPolicy(EnvironmentRecord record) {
    EnvironmentPolicy policy = host.policies().of(record.name()).orElse(null);
    if (policy == null) {
      LOG.warn(
          "environment {}: no pattern of the settings covers it any more; it is kept, but nobody"
              + " can connect and nothing drops it",
          record.name());
    } else if (record.hasDataOfOtherThan(policy.source())) {
      LOG.warn(
          "environment {}: its data is of source {}, but the settings now make it from source {};"
              + " nobody can connect until the settings are restored or it is dropped",
          record.name(),
          record.source(),
          policy.source());
    }
  }
}
