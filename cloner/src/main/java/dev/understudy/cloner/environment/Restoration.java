package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.RecoveredClones;
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

  List<Pointer> restore() throws IOException {
    List<EnvironmentRecord> records = host.store().readAll();
    Set<String> owned = new HashSet<>();
    for (EnvironmentRecord record : records) {
      if (record.target() != null) {
        owned.add(record.target());
      }
    }
    RecoveredClones clones = host.clones().recover(owned);
    List<Pointer> pointers = new ArrayList<>();
    for (EnvironmentRecord record : records) {
      warnWithoutPolicy(record);
      pointers.add(point(record, clones));
    }
    return pointers;
  }

  private Pointer point(EnvironmentRecord record, RecoveredClones clones) throws IOException {
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
        "environment {}: its data was lost when the host went down (clone {}); the next connect"
            + " makes it anew",
        record.name(),
        id);
    EnvironmentRecord without = record.withoutClone();
    host.store().write(without, true);
    return new Pointer(without, null, false);
  }

  private void warnWithoutPolicy(EnvironmentRecord record) {
    if (host.policies().of(record.name()).isEmpty()) {
      LOG.warn(
          "environment {}: no pattern of the settings covers it any more; it is kept, but nobody"
              + " can connect and nothing drops it",
          record.name());
    }
  }
}
