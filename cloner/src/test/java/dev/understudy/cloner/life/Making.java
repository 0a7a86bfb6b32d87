package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** How environments come to be: by a connect, of snapshots, of each other, and anew for a token. */
final class Making {
  /** Of these few some come again, which changes nothing. */
  private static final int TOKENS = 3;

  private final Driver driver;
  private final Sessions sessions;

  Making(Driver driver, Sessions sessions) {
    this.driver = driver;
    this.sessions = sessions;
  }

  /** Its making is interrupted, if it does not exist. */
  void open(String name, Random random) throws Exception {
    if (!driver.world().has(name)) {
      driver.interrupted(
          "open " + name,
          random,
          before -> Sessions.opened(before, name, null, driver),
          "open",
          name);
    }
  }

  /** Somebody connects with a token. */
  void token(String name, Random random) throws Exception {
    String token = "t" + random.nextInt(TOKENS);
    String what = "open %s for %s".formatted(name, token);
    World world = driver.world();
    if (world.has(name) && world.get(name).guarded() && !world.get(name).tokens().contains(token)) {
      driver.refused("55000", what, "open", name, token);
    } else if (random.nextInt(Driver.KILLED_EACH) > 0) {
      driver.tell(what);
      sessions.visit(name, token, connection -> {});
    } else {
      driver.interrupted(
          what,
          random,
          before -> Sessions.opened(before, name, token, driver),
          "open",
          name,
          token);
    }
  }

  /** Of one that lives, while somebody works in it. */
  void branch(String name, Random random) throws Exception {
    String parent = "pr-0";
    if (!driver.world().has(name) && driver.world().has(parent)) {
      make(
          name,
          driver.world().get(parent).content(),
          random,
          "branch " + name + " of " + parent,
          "branch",
          name,
          parent);
    }
  }

  /** Of one of the snapshots that are kept. */
  void restore(String name, Random random) throws Exception {
    if (driver.world().has(name)) {
      return;
    }
    List<Map.Entry<Integer, String>> kept = List.copyOf(driver.world().snapshots().entrySet());
    Map.Entry<Integer, String> snapshot = kept.get(random.nextInt(kept.size()));
    make(
        name,
        Content.of(name, snapshot.getKey()),
        random,
        "create %s from the snapshot of %d".formatted(name, snapshot.getKey()),
        "restore",
        name,
        snapshot.getValue());
  }

  private void make(String name, Content content, Random random, String what, String... command)
      throws Exception {
    driver.perhapsInterrupted(
        random, what, before -> before.with(name, Living.made(content, driver.time())), command);
    if (driver.world().has(name)) {
      sessions.check(name);
    }
  }

  /** Of a snapshot that is cut for it. */
  void fresh(String name) throws Exception {
    if (driver.world().has(name)) {
      return;
    }
    driver.tell("create %s of a fresh snapshot".formatted(name));
    int version = driver.site().newVersion();
    driver.ask("fresh", name);
    Living made = Living.made(Content.of(name, version), driver.time());
    driver.become(driver.world().withSnapshot(version, driver.ask("newest")).with(name, made));
    sessions.check(name);
  }

  /** There are as many as there may be: nobody makes one more, in whatever way. */
  void refused(String name) throws Exception {
    World world = driver.world();
    String newest = world.snapshots().lastEntry().getValue();
    String other = world.environments().firstKey();
    String what = name + " is one too many: ";
    driver.refused("53400", what + "open", "open", name);
    driver.refused("53400", what + "open for a token", "open", name, "t0");
    driver.refused("53400", what + "create from a snapshot", "restore", name, newest);
    driver.refused("53400", what + "branch", "branch", name, other);
    driver.refused("53400", what + "create from a fresh snapshot", "fresh", name);
    assertThat(driver.ask("newest")).as("for nothing").isEqualTo(newest);
    if (!world.inTrash(name).isEmpty()) {
      driver.refused("53400", what + "undrop", "undrop", name, name);
    }
  }
}
