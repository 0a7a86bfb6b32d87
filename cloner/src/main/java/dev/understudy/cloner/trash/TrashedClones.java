package dev.understudy.cloner.trash;

import dev.understudy.cloner.alarm.Jump;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What is in the trash at the moment, and in which order it came. Thread-safe. */
final class TrashedClones {
  /** Whatever the clock said when; what an earlier version wrote down came before. */
  private static final Comparator<TrashRecord> OLDEST_FIRST =
      Comparator.comparingLong(TrashRecord::number).thenComparing(TrashRecord::trashedAt);

  // Guarded by this.
  private final Map<String, Trashed> trashedById = new HashMap<>();
  private long lastNumber;

  /** Of what comes next. */
  synchronized long nextNumber() {
    lastNumber++;
    return lastNumber;
  }

  synchronized void countFrom(long number) {
    lastNumber = number;
  }

  synchronized void put(Trashed trashed) {
    trashedById.put(trashed.record().id(), trashed);
  }

  /** As it is, with that very record. */
  synchronized boolean has(Trashed trashed) {
    return trashed.equals(trashedById.get(trashed.record().id()));
  }

  /** Calls the work if it is there; nobody takes it out meanwhile. */
  synchronized void ifThere(Trashed trashed, Consumer<Trashed> work) {
    if (has(trashed)) {
      work.accept(trashed);
    }
  }

  /** False if somebody else has taken it out. */
  synchronized boolean take(Trashed trashed) {
    return trashedById.remove(trashed.record().id(), trashed);
  }

  /**
   * @param environment name that it had
   */
  synchronized Optional<Trashed> takeYoungest(String environment) {
    Optional<Trashed> youngest =
        trashedById.values().stream()
            .filter(trashed -> trashed.name().equals(environment))
            .max(Comparator.comparing(Trashed::record, OLDEST_FIRST));
    youngest.ifPresent(this::take);
    return youngest;
  }

  synchronized Optional<Trashed> takeOldest() {
    Optional<Trashed> oldest =
        trashedById.values().stream().min(Comparator.comparing(Trashed::record, OLDEST_FIRST));
    oldest.ifPresent(this::take);
    return oldest;
  }

  /** Everything has come as much later as the clock jumped; returns all as it is now. */
  synchronized List<Trashed> move(Jump jump) {
    trashedById.replaceAll(
        (id, trashed) -> new Trashed(trashed.record().moved(jump), trashed.target()));
    return all();
  }

  synchronized List<Trashed> all() {
    return List.copyOf(trashedById.values());
  }

  /** Youngest first. */
  List<TrashRecord> records() {
    return all().stream().map(Trashed::record).sorted(OLDEST_FIRST.reversed()).toList();
  }
}
