package dev.understudy.cloner.clone;

import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
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
  private final List<Clone> shelved = new ArrayList<>();
  private final List<Clone> removed = new ArrayList<>();
  private final List<Path> halfMade = new ArrayList<>();

  /** Directories of clones on which processes may be that are to end. */
  private final Set<Path> haunted = new HashSet<>();

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

  RecoveredClones recover(Owners owners) throws IOException {
    for (Path directory : entries(host.clones())) {
      look(directory, owners);
    }
    killProcesses();
    shelved.forEach(this::shelve);
    removed.forEach(this::remove);
    halfMade.forEach(this::removeHalfMade);
    for (Path directory : entries(host.run())) {
      String id = String.valueOf(directory.getFileName());
      if (!Files.exists(host.clones().resolve(id))) {
        removals.add(host.clones().resolve(id), directory);
      }
    }
    Set<String> kept = new HashSet<>(usable.keySet());
    kept.addAll(unreadable);
    host.groups().sweep(kept);
    return new RecoveredClones(usable, unreadable);
  }

  private void look(Path directory, Owners owners) {
    String id = String.valueOf(directory.getFileName());
    Clone clone;
    try {
      if (!owners.mayBeDurable(id) && hasNoRecord(directory)) {
        halfMade.add(directory);
        return;
      }
      clone = store.read(directory);
    } catch (IOException e) {
      LOG.error(
          "{}. Nothing is done to this clone: mend the file, or remove the directory",
          JsonFile.reason(e));
      unreadable.add(id);
      return;
    }
    if (!isWhole(clone)) {
      removed.add(clone);
    } else if (owners.environments().contains(clone.id())) {
      keep(clone);
    } else if (owners.trash().contains(clone.id())) {
      shelved.add(clone);
    } else if (owners.complete()) {
      removed.add(clone);
    } else {
      LOG.warn("{} seems to have no owner; it is left alone until all records can be read", clone);
    }
  }

  private boolean isWhole(Clone clone) {
    return switch (clone.state()) {
      case CREATING, REMOVING -> false;
      case RUNNING, SUSPENDED, FAILED, TRASHED -> clone.record().isTrusted(host.bootId());
    };
  }

  private void keep(Clone clone) {
    if (starter.adopt(clone)) {
      LOG.debug("{}: its server was taken over", clone);
    } else {
      killWhere(clone);
      examineAfterCrash(clone);
    }
    usable.put(clone.id(), clone);
  }

  /** Of those whose server ran in another boot only durable ones come here. */
  private void examineAfterCrash(Clone clone) {
    ProcessIdentity server = clone.record().server();
    if (server == null || server.bootId().equals(host.bootId())) {
      return;
    }
    try {
      host.servers().examine(clone.data());
      LOG.info("{}: the host went down while its server ran; the next start recovers it", clone);
    } catch (IOException e) {
      LOG.error(
          "{}: the host went down while its server ran, and its data is damaged: {}",
          clone,
          e.toString());
      fail(clone, "its data is damaged since the host went down: " + e.getMessage());
    }
  }

  private static void fail(Clone clone, String reason) {
    try {
      clone.record(clone.record().failed(reason));
    } catch (IOException e) {
      LOG.warn("{}: that it is damaged could not be recorded: {}", clone, e.toString());
    }
  }

  /** Where a server was stopped, as the record tells, there is nothing to look for. */
  private void killWhere(Clone clone) {
    if (clone.record().server() != null) {
      haunted.add(clone.directory());
    }
  }

  /** All at once, as each look at the processes of the host takes its time. */
  private void killProcesses() {
    shelved.forEach(this::killWhere);
    removed.forEach(clone -> haunted.add(clone.directory()));
    haunted.addAll(halfMade);
    if (haunted.isEmpty()) {
      return;
    }
    try {
      int killed = host.servers().killAllBelow(haunted);
      LOG.info("{} processes killed that an earlier daemon left on clones", killed);
    } catch (CompletionException e) {
      LOG.warn("a process on a clone does not end, though it was killed: {}", e.toString());
    }
  }

  /** In the trash no server runs. */
  private void shelve(Clone clone) {
    if (clone.state() != CloneState.TRASHED) {
      try {
        clone.record(clone.record().trashed());
      } catch (IOException e) {
        LOG.warn("{}: that it is in the trash could not be recorded: {}", clone, e.toString());
      }
    }
    usable.put(clone.id(), clone);
  }

  private void remove(Clone clone) {
    LOG.info("{} ({}) has no owner, or is not whole, and is removed", clone, clone.state());
    remover.forsake(clone);
    removals.add(clone);
  }

  private void removeHalfMade(Path directory) {
    LOG.info("{} is half made or half removed, and goes", directory);
    removals.add(directory, host.run().resolve(String.valueOf(directory.getFileName())));
  }

  /** An empty file was written just before a power cut: as good as none. */
  private static boolean hasNoRecord(Path directory) throws IOException {
    try {
      return Files.size(directory.resolve(CloneStore.FILE)) == 0;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
