package dev.understudy.cloner.life;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What administrators do to environments; some of it by a daemon that is killed meanwhile. */
final class Moves {
  private static final List<Duration> TIMES =
      List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(4));

  private final Driver driver;

  Moves(Driver driver) {
    this.driver = driver;
  }

  void drop(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      driver.perhapsInterrupted(
          random, "drop " + name, before -> before.without(name, driver.now()), "drop", name);
    }
  }

  /**
   * Under its own name, or another one.
   *
   * @param as that other one
   */
  void undrop(String name, String as, Random random) throws Exception {
    World world = driver.world();
    if (world.inTrash(name).isEmpty()) {
      return;
    }
    String what = "undrop " + name + " as " + as;
    if (world.has(as)) {
      driver.refused("42710", what, "undrop", name, as);
    } else if (world.refusesOneMore(as)) {
      driver.refused("53400", what, "undrop", name, as);
    } else {
      driver.perhapsInterrupted(
          random, what, before -> undropped(before, name, as), "undrop", name, as);
    }
  }

  /** The youngest of that name is back; what has expired meanwhile has a day. */
  private World undropped(World before, String name, String as) {
    World.Trashed youngest = before.inTrash(name).getLast();
    Living back = youngest.living().used(driver.now());
    Duration expires = back.expires(as);
    Duration kept = driver.time().wall().plus(LifeSettings.KEPT);
    return before
        .withoutTrash(youngest)
        .with(as, expires != null && expires.compareTo(kept) < 0 ? back.kept(kept) : back);
  }

  /** Also what is protected: only what nobody asks for leaves that alone. */
  void refresh(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      move("refresh", name, driver.world().newest(), random);
    }
  }

  void reset(String name, Random random) throws Exception {
    if (!driver.world().has(name)) {
      return;
    }
    int base = driver.world().get(name).content().base();
    if (driver.world().snapshots().containsKey(base)) {
      move("reset", name, base, random);
    } else {
      driver.refused("55000", "reset " + name, "reset", name, "force");
    }
  }

  private void move(String verb, String name, int base, Random random) throws Exception {
    driver.perhapsInterrupted(
        random,
        verb + " " + name,
        before -> before.replaced(name, Content.of(name, base), driver.now()),
        verb,
        name,
        "force");
  }

  void suspend(String name) throws Exception {
    if (driver.world().has(name)) {
      driver.tell("suspend " + name);
      driver.ask("suspend", name, "force");
    }
  }

  void protect(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      driver.guard(name, random.nextBoolean());
    }
  }

  /** Nothing automatic removes it before. */
  void keep(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      Duration length = TIMES.get(random.nextInt(TIMES.size()));
      driver.change(
          "keep %s for %s".formatted(name, length),
          before -> before.change(name, living -> living.kept(driver.time().wall().plus(length))),
          "keep",
          name,
          String.valueOf(length.toMillis()));
    }
  }

  void snapshot() throws Exception {
    driver.tell("snapshot");
    int version = driver.site().newVersion();
    driver.become(driver.world().withSnapshot(version, driver.ask("snapshot")));
  }
}
