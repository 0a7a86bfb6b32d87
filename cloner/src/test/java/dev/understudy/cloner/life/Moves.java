package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;

/** What administrators do to environments; some of it by a daemon that is killed meanwhile. */
final class Moves {
  private static final int LONGEST_MILLIS = 120;
  private static final int KILLED_EACH = 4;

  private final Driver driver;
  private final Sessions sessions;

  Moves(Driver driver, Sessions sessions) {
    this.driver = driver;
    this.sessions = sessions;
  }

  private void perhapsInterrupted(
      Random random, String what, UnaryOperator<World> effect, String... command) throws Exception {
    if (random.nextInt(KILLED_EACH) > 0) {
      driver.change(what, effect, command);
    } else {
      Duration after = Duration.ofMillis(random.nextInt(LONGEST_MILLIS));
      driver.interrupted(what, after, effect, command);
    }
  }

  /** Its making is interrupted, if it does not exist. */
  void open(String name, Random random) throws Exception {
    if (!driver.world().has(name)) {
      driver.interrupted(
          "open " + name,
          Duration.ofMillis(random.nextInt(LONGEST_MILLIS)),
          before -> Sessions.opened(before, name, driver),
          "open",
          name);
    }
  }

  void drop(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      perhapsInterrupted(
          random, "drop " + name, before -> before.without(name, driver.now()), "drop", name);
    }
  }

  void undrop(String name, Random random) throws Exception {
    if (driver.world().inTrash(name).isEmpty()) {
      return;
    }
    if (driver.world().has(name)) {
      driver.tell("undrop " + name + ", which lives");
      assertThat(driver.refusal("undrop", name, name)).isEqualTo("42710");
      return;
    }
    perhapsInterrupted(
        random, "undrop " + name, before -> undropped(before, name), "undrop", name, name);
  }

  /** The youngest of that name is back; what has expired meanwhile has a day. */
  private World undropped(World before, String name) {
    World.Trashed youngest = before.inTrash(name).getLast();
    Duration expires = youngest.living().expires();
    Duration kept = driver.time().wall().plus(LifeSettings.KEPT);
    Living back = youngest.living().used(driver.now());
    return before
        .withoutTrash(youngest)
        .with(name, expires != null && expires.compareTo(kept) < 0 ? back.expiring(kept) : back);
  }

  void refresh(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      perhapsInterrupted(
          random,
          "refresh " + name,
          before -> before.replaced(name, Content.of(before.newest()), driver.now()),
          "refresh",
          name,
          "force");
    }
  }

  void reset(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      int base = driver.world().get(name).content().base();
      if (driver.site().hasSnapshotOf(base)) {
        perhapsInterrupted(
            random,
            "reset " + name,
            before -> before.replaced(name, Content.of(base), driver.now()),
            "reset",
            name,
            "force");
      }
    }
  }

  /** Of one that lives, while somebody works in it. */
  void branch(String name, Random random) throws Exception {
    String parent = "pr-0";
    if (driver.world().has(name) || !driver.world().has(parent)) {
      return;
    }
    perhapsInterrupted(
        random,
        "branch " + name + " of " + parent,
        before ->
            before.with(
                name,
                new Living(
                    before.get(parent).content(),
                    driver.now(),
                    Sessions.expiry(name, driver.time()),
                    false)),
        "branch",
        name,
        parent);
    if (driver.world().has(name)) {
      sessions.check(name);
    }
  }

  void suspend(String name) throws Exception {
    if (driver.world().has(name)) {
      driver.tell("suspend " + name);
      driver.ask("suspend", name, "force");
    }
  }

  void snapshot() throws Exception {
    driver.tell("snapshot");
    int version = driver.site().newVersion();
    driver.ask("snapshot");
    driver.become(driver.world().withSnapshot(version));
  }
}
