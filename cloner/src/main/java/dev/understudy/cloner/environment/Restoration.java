package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Owners;
import dev.understudy.cloner.clone.RecoveredClones;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.environment.record.EnvironmentStore;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the records of environments and of clones together after a start of the daemon. */
final class Restoration {
  private static final Logger LOG = LoggerFactory.getLogger(Restoration.class);

  private final EnvironmentHost host;

  Restoration(EnvironmentHost host) {
    this.host = host;
  }

  Restored restore() throws IOException {
    EnvironmentStore.Found found = host.store().readAll();
    found.unreadable().forEach(Restoration::warnOfUnreadable);
    Set<String> owned = new HashSet<>();
    for (EnvironmentRecord record : found.records().values()) {
      if (record.target() != null) {
        owned.add(record.target());
      }
    }
    Trash.Contents trashed = host.trash().read();
    boolean complete = found.unreadable().isEmpty() && trashed.complete();
    RecoveredClones clones = host.clones().recover(new Owners(owned, trashed.ids(), complete));
    host.trash().restore(clones, owned);
    List<Pointer> pointers = new ArrayList<>();
    for (EnvironmentRecord record : found.records().values()) {
      Pointer pointer = point(record, clones);
      warnOfOtherPolicy(pointer.record());
      warnOfOtherMask(pointer);
      pointers.add(pointer);
    }
    return new Restored(pointers, found.unreadable());
  }

  private static void warnOfUnreadable(String name, String reason) {
    LOG.error(
        "environment {}: {}. Nobody can connect to it until the file is mended and the daemon"
            + " restarted, or it is dropped",
        name,
        reason);
  }

  private Pointer point(EnvironmentRecord record, RecoveredClones clones) {
    String id = record.target();
    if (id == null) {
      return new Pointer(record, null, false);
    }
    Clone clone = clones.usable().get(id);
    if (clone != null) {
      LOG.info(
          "environment {}: found again, {}",
          record.name(),
          clone.server().isPresent() ? "its server runs" : "its server starts at the next connect");
      return new Pointer(record, clone, false);
    }
    if (clones.unreadable().contains(id)) {
      return new Pointer(record, null, true);
    }
    LOG.warn(
        "environment {}: its clone {} is not there, not whole, or not to be trusted after a crash"
            + " of the host; the next connect makes it anew",
        record.name(),
        id);
    EnvironmentRecord without = record.withoutClone();
    try {
      host.store().write(without, true);
    } catch (IOException e) { // the next daemon does not find the clone either
      LOG.warn("environment {}: that could not be recorded: {}", record.name(), e.toString());
    }
    return new Pointer(without, null, false);
  }

  /** It is what somebody works with: not ours to drop. */
  private void warnOfOtherMask(Pointer pointer) {
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

  private void warnOfOtherPolicy(EnvironmentRecord record) {
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
