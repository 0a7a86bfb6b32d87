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
  private final Mismatches mismatches;

  Restoration(EnvironmentHost host) {
    this.host = host;
    this.mismatches = new Mismatches(host);
  }

  Restored restore() throws IOException {
    EnvironmentStore.Found found = host.store().readAll(this::isDurable);
    found.unreadable().forEach(Restoration::warnOfUnreadable);
    Owners owners = owners(found, host.trash().read());
    RecoveredClones clones = host.clones().recover(owners);
    host.trash().restore(clones, owners.environments());
    List<Pointer> pointers = new ArrayList<>();
    for (EnvironmentRecord record : found.records().values()) {
      Pointer pointer = point(record, clones);
      mismatches.tell(pointer);
      pointers.add(pointer);
    }
    boolean complete = owners.complete() && clones.unreadable().isEmpty();
    return new Restored(pointers, found.unreadable(), complete);
  }

  private Owners owners(EnvironmentStore.Found found, Trash.Contents trashed) {
    Set<String> owned = new HashSet<>();
    Set<String> durable = new HashSet<>();
    for (EnvironmentRecord record : found.records().values()) {
      if (record.target() != null) {
        owned.add(record.target());
        if (host.policies().of(record).map(EnvironmentPolicy::isDurable).orElse(true)) {
          durable.add(record.target());
        }
      }
    }
    trashed
        .names()
        .forEach((id, name) -> {
          if (isDurable(name)) {
            durable.add(id);
          }
        });
    boolean complete = found.unreadable().isEmpty() && trashed.complete();
    return new Owners(owned, trashed.names().keySet(), durable, complete);
  }

  /** Or may be: of a name that no pattern covers any more nobody knows. */
  private boolean isDurable(String name) {
    return host.policies().of(name).map(EnvironmentPolicy::isDurable).orElse(true);
  }

  private static void warnOfUnreadable(String name, String reason) {
    LOG.error(
        "environment {}: {}. Nobody can connect to it until the file is mended and the daemon"
            + " restarted, or an administrator drops it",
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
      // Those of all others were forced as they went to sleep.
      if (!clone.isAsleepOnDisk()) {
        host.store().mayBeUnforced(record.name());
      }
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
}
