package dev.understudy.cloner.life;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What time does to environments and to the trash, by the rules of their policies. */
final class Fates {
  /** Between the model's time and the daemon's. */
  static final Duration MARGIN = Duration.ofMinutes(2);

  /** What is due within that time may happen before the next look. */
  private static final Duration SOON = Duration.ofMinutes(15);

  private final Driver driver;
  private final @Nullable String used;

  /**
   * Of all that there is.
   *
   * @param used one that somebody is in the middle of using; null: none
   */
  Fates(Driver driver, @Nullable String used) {
    this.driver = driver;
    this.used = used;
  }

  private enum Fate {
    STAYS,
    MAY_GO,
    GOES
  }

  /** In own time; one or two, as the daemon may remember one thing or the other. */
  private List<Duration> ends(String name, Living living) {
    Duration ahead = driver.time().wall().minus(driver.time().own());
    Duration expires = living.expires(name);
    if (expires != null) {
      return lenient(Stream.of(expires.minus(ahead)));
    }
    return LifeSettings.dropsWhenIdle(name) && !living.guarded() && !name.equals(used)
        ? lenient(
            after(living.used(), LifeSettings.DROP_AFTER)
                .map(end -> living.notBeforeKept(end.plus(ahead)).minus(ahead)))
        : List.of();
  }

  private List<Duration> ends(World.Trashed trashed) {
    return lenient(after(trashed.since(), LifeSettings.UNDROP_WINDOW));
  }

  private static Stream<Duration> after(Span begin, Duration time) {
    return Stream.of(begin.from().plus(time), begin.to().plus(time));
  }

  private List<Duration> lenient(Stream<Duration> ends) {
    Duration earliest = driver.lenientUntil();
    return ends.map(end -> end.compareTo(earliest) < 0 ? earliest : end).toList();
  }

  private static Fate fate(List<Duration> ends, Duration own) {
    long over = ends.stream().filter(end -> end.compareTo(own) < 0).count();
    if (over == 0) {
      return Fate.STAYS;
    }
    return over == ends.size() ? Fate.GOES : Fate.MAY_GO;
  }

  /** Whether it could not be told for sure in some time whether something has ended. */
  boolean isAnyNear(Duration length) {
    Duration earliest = driver.time().own().plus(length).minus(MARGIN);
    Duration latest = earliest.plus(MARGIN).plus(SOON);
    return Stream.concat(
            driver.world().environments().entrySet().stream()
                .flatMap(entry -> ends(entry.getKey(), entry.getValue()).stream()),
            driver.world().trash().stream().flatMap(trashed -> ends(trashed).stream()))
        .anyMatch(end -> end.compareTo(earliest) > 0 && end.compareTo(latest) < 0);
  }

  /**
   * What the world is now, by what the daemon tells; null: it is on its way there, or wrong.
   *
   * @throws AssertionError where an environment ended that must not
   */
  @Nullable World settled(String names) {
    Duration own = driver.time().own();
    List<String> told = new ArrayList<>(Arrays.asList(names.split(" ", -1)));
    World next = driver.world();
    List<String> dropped = new ArrayList<>();
    for (Map.Entry<String, Living> entry : driver.world().environments().entrySet()) {
      String name = entry.getKey();
      Fate fate = fate(ends(name, entry.getValue()), own);
      if (!told.contains(name)) {
        if (fate == Fate.STAYS) {
          throw new AssertionError(
              "%s has ended too early: %s of %s".formatted(name, names, driver.world().names()));
        }
        dropped.add(name);
      } else if (fate == Fate.GOES) {
        return null;
      } else if (fate == Fate.MAY_GO) {
        next = next.change(name, living -> living.used(Span.at(living.used().to())));
      }
    }
    next = purged(next, told, dropped);
    return next == null ? null : next.without(dropped, driver.now());
  }

  /** For whoever has to find out what went wrong. */
  String told() {
    Duration own = driver.time().own();
    return Stream.concat(
            driver.world().environments().entrySet().stream()
                .map(entry ->
                    entry.getKey() + " " + fate(ends(entry.getKey(), entry.getValue()), own)),
            driver.world().trash().stream()
                .map(trashed -> "-" + trashed.name() + " " + fate(ends(trashed), own)))
        .collect(Collectors.joining(", "));
  }

  /** The trash without what is gone from it. */
  private @Nullable World purged(World world, List<String> told, List<String> dropped) {
    Duration own = driver.time().own();
    for (String name : dropped) {
      if (!told.remove("-" + name)) {
        return null;
      }
    }
    List<World.Trashed> kept = new ArrayList<>();
    for (World.Trashed trashed : world.trash().reversed()) { // the older of a name goes first
      Fate fate = fate(ends(trashed), own);
      if (!told.remove("-" + trashed.name())) {
        if (fate == Fate.STAYS) {
          return null;
        }
      } else if (fate == Fate.GOES) {
        return null;
      } else {
        kept.add(fate == Fate.STAYS ? trashed : trashed.since(Span.at(trashed.since().to())));
      }
    }
    return world.withTrash(kept.reversed());
  }
}
