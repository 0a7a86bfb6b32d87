package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.OffCarrier;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts right what a killed daemon or a reboot left: deletions are finished, snapshots that were
 * taken for one copy are dropped, and trees are mounted where they belong. What cannot be put right
 * is logged, and keeps nothing else from being served.
 */
final class ZfsRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(ZfsRecovery.class);

  private final ZfsDatasets datasets;

  ZfsRecovery(ZfsDatasets datasets) {
    this.datasets = requireNonNull(datasets, "datasets is null");
  }

  void run() throws IOException {
    for (ZfsDatasets.Row row : datasets.all()) {
      attempt(row.name(), () -> tree(row));
    }
    for (String snapshot : datasets.forCopies()) {
      attempt(snapshot, () -> Zfs.change("destroy", "-d", snapshot));
    }
  }

  private void tree(ZfsDatasets.Row row) throws IOException {
    if (row.dropped()) {
      new ZfsRemoval(datasets).remove(row.name());
      return;
    }
    String place = datasets.path(row.name()).toString();
    if (!row.mountPoint().equals(place)) {
      Zfs.change("set", "mountpoint=" + place, row.name());
    }
    // The change may have mounted it.
    if (!row.mounted() && Zfs.property(row.name(), "mounted").equals("no")) {
      Zfs.change("mount", row.name());
    }
  }

  private static void attempt(String dataset, OffCarrier.Work work) throws IOException {
    try {
      work.run();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("{} is left as it is: {}", dataset, e.getMessage());
    }
  }
}
