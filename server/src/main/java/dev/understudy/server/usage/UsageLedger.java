package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was used, by day: a file each, of which the youngest are kept. A file that cannot be read
 * costs its own day, and is logged; one that cannot be written is tried again. Blocks. Thread-safe.
 */
final class UsageLedger {
  /** That are kept, of those on which there was something to write down. */
  static final int MOST_DAYS = 90;

  private static final String SUFFIX = ".json";
  private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

  private final Path directory;
  private final Map<Party, Amount> amounts = new TreeMap<>(Party.ORDER);
  private @Nullable LocalDate current;
  private final Set<LocalDate> reported = new HashSet<>();
  private boolean changed;
  private boolean troubled;

  /**
   * What is written down there.
   *
   * @param directory exists, and nothing else is in it
   */
  UsageLedger(Path directory) {
    this.directory = requireNonNull(directory, "directory is null");
  }

  /**
   * Adds what has come since, and writes it down. On disk when this returns, unless that failed.
   *
   * @param day that it counts for: where it is another one than last time, that one is over
   */
  synchronized void add(LocalDate day, Map<Party, Amount> more) {
    if (!day.equals(current)) {
      save();
      take(day);
    }
    more.forEach((party, amount) -> {
      Amount before = amounts.get(party);
      Amount after = before == null ? amount : before.plus(amount);
      changed |= !after.equals(before);
      amounts.put(party, after);
    });
    save();
  }

  /** An earlier daemon may have begun it. */
  private void take(LocalDate day) {
    amounts.clear();
    read(day)
        .ifPresent(
            found -> found.entries().forEach(entry -> amounts.put(entry.party(), entry.amount())));
    current = day;
    changed = false;
    removeOldest(day);
  }

  private void save() {
    LocalDate day = current;
    if (day == null || !changed) {
      return;
    }
    List<UsageEntry> entries = new ArrayList<>();
    amounts.forEach((party, amount) -> entries.add(new UsageEntry(party, amount)));
    try {
      file(day).write(new UsageDay(day, entries));
      changed = false;
      troubled = false;
    } catch (IOException e) {
      if (!troubled) {
        LOG.warn(
            "The usage of {} cannot be written down, and will be tried again: {}",
            day,
            e.toString());
      }
      troubled = true;
    }
  }

  /**
   * What was used on days that are kept, the earliest first.
   *
   * @param from the first that is wanted
   * @param to the last
   */
  synchronized List<UsageRow> between(LocalDate from, LocalDate to) {
    List<UsageRow> rows = new ArrayList<>();
    for (LocalDate day : days()) {
      if (!day.isBefore(from) && !day.isAfter(to) && !day.equals(current)) {
        read(day)
            .ifPresent(found ->
                found.entries().stream()
                    .sorted(Comparator.comparing(UsageEntry::party, Party.ORDER))
                    .forEach(entry -> rows.add(new UsageRow(day, entry.party(), entry.amount()))));
      }
    }
    LocalDate today = current;
    if (today != null && !today.isBefore(from) && !today.isAfter(to)) {
      amounts.forEach((party, amount) -> rows.add(new UsageRow(today, party, amount)));
    }
    rows.sort(Comparator.comparing(UsageRow::day));
    return rows;
  }

  private Optional<UsageDay> read(LocalDate day) {
    JsonFile<UsageDay> file = file(day);
    if (!file.exists()) {
      return Optional.empty();
    }
    try {
      UsageDay read = file.read();
      if (read.day().equals(day)) {
        return Optional.of(read);
      }
      report(day, file.path() + " is of " + read.day());
    } catch (IOException e) {
      report(day, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** Once for each day, however often somebody asks. */
  private void report(LocalDate day, String why) {
    if (reported.add(day)) {
      LOG.warn("The usage of {} is not known: {}", day, why);
    }
  }

  private JsonFile<UsageDay> file(LocalDate day) {
    return new JsonFile<>(directory.resolve(day + SUFFIX), UsageDay.class);
  }

  /** Those that there is a file of, the earliest first. */
  private List<LocalDate> days() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(UsageLedger::day).flatMap(Optional::stream).sorted().toList();
    } catch (IOException e) {
      LOG.warn("What was used on earlier days is not known: {}", e.toString());
      return List.of();
    }
  }

  private static Optional<LocalDate> day(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(name.substring(0, name.length() - SUFFIX.length())));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** By their number, as a clock that was wrong for a moment must not cost all of them. */
  private void removeOldest(LocalDate today) {
    List<LocalDate> others = days().stream().filter(day -> !day.equals(today)).toList();
    for (LocalDate day : others.subList(0, Math.max(0, others.size() + 1 - MOST_DAYS))) {
      try {
        file(day).delete();
      } catch (IOException e) {
        LOG.warn("The usage of {} is kept for longer: {}", day, e.toString());
      }
    }
  }
}
