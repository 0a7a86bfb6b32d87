package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once at everything that an earlier daemon left of clones. */
final class CloneRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(CloneRecovery.class);

  private final CloneHost host;
  private final CloneStore store;
  private final CloneStarter starter;
  private final CloneRemover remover;
  private final Removals removals;
  private final Map<String, Clone> usable = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();

  CloneRecovery(
      CloneHost host,
      CloneStore store,
      CloneStarter starter,
      CloneRemover remover,
      Removals removals) {
    this.host = host;
    this.store = store;
    this.starter = starter;
    this.remover = remover;
    this.removals = removals;
  }

  RecoveredClones recover(Set<String> owned) throws IOException {
    for (Path directory : entries(host.clones())) {
      look(directory, owned.contains(String.valueOf(directory.getFileName())));
    }
    for (Path directory : entries(host.run())) {
      String id = String.valueOf(directory.getFileName());
      if (!Files.exists(host.clones().resolve(id))) {
        removals.add(host.clones().resolve(id), directory);
      }
    }
    return new RecoveredClones(usable, unreadable);
  }

  private void look(Path directory, boolean owned) throws IOException {
    if (!hasRecord(directory)) {
      removeHalfMade(directory);
      return;
    }
    Clone clone;
    try {
      clone = store.read(directory);
    } catch (IOException e) {
      LOG.error(
          "{}. Nothing is done to this clone: mend the file, or remove the directory",
          e.getMessage());
      unreadable.add(String.valueOf(directory.getFileName()));
      return;
    }
    if (owned && isWhole(clone)) {
      keep(clone);
    } else {
      remove(clone);
    }
  }

  private boolean isWhole(Clone clone) {
    return switch (clone.state()) {
      case CREATING, TRASHED -> false;
      case RUNNING, SUSPENDED, FAILED -> clone.record().isTrusted(host.bootId());
    };
  }

  private void keep(Clone clone) {
    if (starter.adopt(clone)) {
      LOG.debug("{}: its server was taken over", clone);
    } else {
      int killed = host.servers().killAllBelow(clone.directory());
      LOG.info("{}: its server starts at the next use ({} processes killed)", clone, killed);
    }
    usable.put(clone.id(), clone);
  }

  private void remove(Clone clone) {
    LOG.info("{} ({}) has no owner, or is not whole, and is removed", clone, clone.state());
    remover.trash(clone);
    removals.add(clone);
  }

  private void removeHalfMade(Path directory) {
    LOG.info("{} is half made or half removed, and goes", directory);
    host.servers().killAllBelow(directory);
    removals.add(directory, host.run().resolve(String.valueOf(directory.getFileName())));
  }

  /** An empty file was written just before a power cut: as good as none. */
  private static boolean hasRecord(Path directory) throws IOException {
    Path file = directory.resolve(CloneStore.FILE);
    return Files.exists(file) && Files.size(file) > 0;
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
