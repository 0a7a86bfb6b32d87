package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What goes wrong around a daemon. */
final class Faults {
  /** A daemon tries again each minute what a full disk did not let it write down. */
  private static final Duration WRITTEN_AGAIN = Duration.ofSeconds(100);

  private final Driver driver;
  private final Sessions sessions;

  Faults(Driver driver, Sessions sessions) {
    this.driver = driver;
    this.sessions = sessions;
  }

  void endDaemon(Random random) throws Exception {
    if (random.nextBoolean()) {
      driver.tell("the daemon is killed");
      driver.kill();
    } else {
      driver.tell("the daemon is shut down");
      driver.shutDown();
    }
    driver.start();
    driver.check(List.of(driver.world()));
  }

  /** Whoever writes gets an error, and loses nothing; what is new is refused. */
  void fill(String name) throws Exception {
    driver.tell("the pool is full, for " + name);
    List<String> names = List.copyOf(driver.world().environments().keySet());
    for (String living : names) {
      driver.ask("guard", living, "on");
    }
    try (AutoCloseable _ = driver.site().fill()) {
      if (!driver.world().has(name)) {
        sessions.openWhereFull(name);
      } else {
        overflow(name);
      }
    }
    forgetTrashThatGaveWay();
    for (String living : names) {
      driver.ask("guard", living, driver.world().get(living).guarded() ? "on" : "off");
      sessions.check(living);
      driver.used(living, WRITTEN_AGAIN);
    }
  }

  /** What has been in the trash for longest makes room first. */
  private void forgetTrashThatGaveWay() throws Exception {
    String names = driver.ask("list");
    World world = driver.world();
    List<String> left = new ArrayList<>(Arrays.asList(names.split(" ", -1)));
    List<World.Trashed> kept = new ArrayList<>();
    List<World.Trashed> gone = new ArrayList<>();
    for (World.Trashed trashed : world.trash().reversed()) {
      (left.remove("-" + trashed.name()) ? kept : gone).add(trashed);
    }
    World next = world.withTrash(kept.reversed());
    assertThat(next.names()).as("from " + world.names()).isEqualTo(names);
    int youngest = gone.stream().mapToInt(World.Trashed::batch).max().orElse(Integer.MIN_VALUE);
    assertThat(kept)
        .as("younger than what gave way: " + gone)
        .allSatisfy(trashed -> assertThat(trashed.batch()).isGreaterThanOrEqualTo(youngest));
    driver.become(next);
  }

  /** What fails leaves nothing, and what was there as it was. */
  void failHook(String name) throws Exception {
    World world = driver.world();
    driver.tell("the hook of " + name + " fails");
    driver.site().writeHook("SELECT 1 / 0");
    try {
      assertThat(
              world.has(name)
                  ? driver.refusal("refresh", name, "force")
                  : driver.refusal("open", name))
          .isEqualTo("58000");
    } finally {
      driver.site().mendHook();
    }
    driver.check(List.of(world));
    driver.site().checkLeaks(world);
    if (world.has(name)) {
      sessions.check(name);
    }
  }

  private void overflow(String name) throws Exception {
    try {
      sessions.visit(name, Faults::overflow);
    } catch (SQLException e) {
      // A server that cannot write its WAL ends.
      assertThat(e.getSQLState()).matches("53.*|08.*|57P0.");
    } catch (LifeProcess.Refused e) {
      assertThat(e.sqlState).isEqualTo("53100");
    }
  }

  private static void overflow(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE overflow AS SELECT repeat(md5(i::text), 60) FROM generate_series(1, 300000)"
              + " i");
    }
    throw new AssertionError("there was room");
  }

  /** What is done to environments. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** The disk stands still again and again while something is done; all goes on after it. */
  void slowDisk(Random random, Action action) throws Exception {
    int stillMillis = 20 + random.nextInt(300);
    driver.tell("the disk stands still for %d ms again and again".formatted(stillMillis));
    try (AutoCloseable _ = driver.site().slowDisk(Duration.ofMillis(stillMillis))) {
      action.run();
    }
  }
}
