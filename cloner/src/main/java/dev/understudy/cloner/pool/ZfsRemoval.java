package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.ShortCommand.Result;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Destroys datasets of trees. ZFS keeps a dataset while clones of it live: such a one is marked and
 * unmounted, its snapshots are told to go with their last clone ({@code destroy -d}), and it goes
 * itself when that clone is removed here. The marks are in ZFS: what a killed daemon leaves, the
 * next one finishes by removing everything marked once more.
 */
final class ZfsRemoval {
  private final ZfsDatasets datasets;

  ZfsRemoval(ZfsDatasets datasets) {
    this.datasets = requireNonNull(datasets, "datasets is null");
  }

  /** Whatever state it is in; nothing happens where there is none any more. */
  void remove(String dataset) throws IOException {
    Result asked = Zfs.run("get", "-Hp", "-o", "value", "origin", dataset);
    if (Zfs.saysMissing(asked)) {
      return;
    }
    if (!asked.succeeded()) {
      throw Zfs.failed(asked, "get origin", dataset);
    }
    if (destroy(dataset)) {
      removeMountPoint(dataset);
      originOf(asked.output().strip());
    } else {
      drop(dataset, asked.output().strip());
    }
  }

  /** False where it has snapshots, perhaps with clones. */
  private static boolean destroy(String dataset) throws IOException {
    Result result = Zfs.patiently("destroy", dataset);
    if (result.succeeded() || Zfs.saysMissing(result)) {
      return true;
    }
    if (result.output().contains("has children")
        || result.output().contains("has dependent clones")) {
      return false;
    }
    throw Zfs.failed(result, "destroy", dataset);
  }

  private void drop(String dataset, String origin) throws IOException {
    Zfs.change("set", ZfsDatasets.DROPPED + "=on", dataset);
    // This unmounts it, too.
    Zfs.change("set", "mountpoint=none", dataset);
    removeMountPoint(dataset);
    // Its own: what somebody made inside the tree is not ours.
    for (List<String> row :
        Zfs.rows("list", "-H", "-d", "1", "-t", "snapshot", "-o", "name", dataset)) {
      Zfs.change("destroy", "-d", row.getFirst());
    }
    if (destroy(dataset)) {
      originOf(origin);
    }
  }

  /** Unless there is another tree by now. */
  private void removeMountPoint(String dataset) throws IOException {
    Path place = datasets.path(dataset);
    if (Mount.at(place).isEmpty()) {
      try {
        Files.deleteIfExists(place);
      } catch (DirectoryNotEmptyException e) {
        // Somebody wrote there while it was not mounted; that is no part of the tree.
      }
    }
  }

  /** If it was the last clone of a dataset that waited for that. */
  private void originOf(String snapshot) throws IOException {
    int at = snapshot.indexOf('@');
    if (at < 0) {
      return;
    }
    String origin = snapshot.substring(0, at);
    Result dropped = Zfs.run("get", "-Hp", "-o", "value", ZfsDatasets.DROPPED, origin);
    if (dropped.succeeded() && dropped.output().strip().equals("on")) {
      remove(origin);
    }
  }
}
