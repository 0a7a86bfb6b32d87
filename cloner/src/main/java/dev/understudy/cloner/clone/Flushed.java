package dev.understudy.cloner.clone;

import java.io.IOException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Clones that slept while all that they wrote was brought to the disk. */
public final class Flushed {
  private final Map<Clone, CloneRecord> records;

  private Flushed(Map<Clone, CloneRecord> records) {
    this.records = records;
  }

  static Flushed of(Collection<Clone> clones) {
    Map<Clone, CloneRecord> records = new IdentityHashMap<>();
    for (Clone clone : clones) {
      CloneRecord record = clone.record();
      if (record.state() == CloneState.SUSPENDED) {
        records.put(clone, record);
      }
    }
    return new Flushed(records);
  }

  Set<Clone> clones() {
    return Set.copyOf(records.keySet());
  }

  /**
   * Records it of one of them, unless something has been done to it since. In the thread of its
   * owner.
   */
  public void settle(Clone clone) throws IOException {
    CloneRecord record = records.get(clone);
    if (record != null && record == clone.record()) {
      clone.record(record.synced());
    }
  }
}
