package dev.understudy.cloner.clone;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Clones whose servers were stopped when what they had written began to be brought to the disk. */
public final class Flushed {
  private final Map<Clone, Long> changes;

  private Flushed(Map<Clone, Long> changes) {
    this.changes = changes;
  }

  static Flushed of(Collection<Clone> clones) {
    Map<Clone, Long> changes = new HashMap<>();
    for (Clone clone : clones) {
      long before = clone.changes();
      if (clone.isUnsettled()) {
        changes.put(clone, before);
      }
    }
    return new Flushed(changes);
  }

  Set<Clone> clones() {
    return changes.keySet();
  }

  /**
   * Records it of one of them, unless something has been done to it since. In the thread of its
   * owner.
   *
   * @return false if it is none of them, or something has
   */
  public boolean settle(Clone clone) throws IOException {
    Long before = changes.get(clone);
    if (before == null || before != clone.changes()) {
      return false;
    }
    clone.record(clone.record().synced());
    return true;
  }
}
