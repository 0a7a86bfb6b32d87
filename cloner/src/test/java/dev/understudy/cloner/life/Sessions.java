package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.postgres.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What clients do in environments. */
final class Sessions {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What a server says, or not, that is about to end. */
  private static final Set<String> ENDING = Set.of("57P03", "08001", "08006");

  private final Driver driver;

  Sessions(Driver driver) {
    this.driver = driver;
  }

  /** What is done in a session. */
  @FunctionalInterface
  interface Work {
    void run(Connection connection) throws Exception;
  }

  /** A session's number, and where its server listens. */
  private record Door(String id, Path socket) {}

  /**
   * What follows when somebody connects.
   *
   * @param token for which it is to begin anew; null: none
   */
  static World opened(World before, String name, @Nullable String token, Driver driver) {
    Content begun = Content.of(name, before.newest());
    World next = before.has(name) ? before : before.with(name, Living.made(begun, driver.time()));
    if (token == null || next.get(name).tokens().contains(token)) {
      return next;
    }
    World anew = before.has(name) ? next.replaced(name, begun, driver.now()) : next;
    return anew.change(name, living -> living.freshFor(token));
  }

  /** Refused, unless there is a spare, which takes no room. */
  void openWhereFull(String name) throws IOException {
    try {
      driver.ask("close", enter(name, null).id());
    } catch (LifeProcess.Refused e) {
      assertThat(e.sqlState).isEqualTo("53100");
    }
  }

  void check(String name) throws Exception {
    visit(name, connection -> {});
  }

  /** A session; before and after its work the content is what it must be. */
  void visit(String name, Work work) throws Exception {
    visit(name, null, work);
  }

  /** The same, and it begins anew for the token, unless it has done so before. */
  void visit(String name, @Nullable String token, Work work) throws Exception {
    Door door = enter(name, token);
    try (Connection connection = connect(door, name)) {
      touch(door, name);
      assertThat(Content.read(connection)).as(name).isEqualTo(driver.world().get(name).content());
      work.run(connection);
    } finally {
      driver.ask("close", door.id());
    }
  }

  private void touch(Door door, String name) throws IOException {
    driver.ask("touch", door.id());
    driver.used(name);
  }

  private Door enter(String name, @Nullable String token) throws IOException {
    String answer = token == null ? driver.ask("open", name) : driver.ask("open", name, token);
    driver.become(opened(driver.world(), name, token, driver));
    int space = answer.indexOf(' ');
    return new Door(answer.substring(0, space), Path.of(answer.substring(space + 1)));
  }

  /** A server that lost a process, or could not write, ends, and is started for who comes next. */
  private Connection connect(Door door, String name) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Sql.connect(door.socket(), "postgres", "postgres", PATIENCE);
      } catch (SQLException e) {
        if (!ENDING.contains(String.valueOf(e.getSQLState())) || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(100);
        driver.ask("close", enter(name, null).id()); // the socket stays the same
      }
    }
  }

  /** Sessions are open in all of them meanwhile. */
  void stayIn(List<String> names, Faults.Action meanwhile) throws Exception {
    List<Door> doors = new ArrayList<>();
    try {
      for (String name : names) {
        doors.add(enter(name, null));
      }
      meanwhile.run();
    } finally {
      for (Door door : doors) {
        driver.ask("close", door.id());
      }
    }
  }

  void write(String name, Random random) throws Exception {
    visit(name, connection -> commit(name, connection, changes(random)));
  }

  private void commit(String name, Connection connection, Map<Integer, Integer> changes)
      throws SQLException {
    connection.setAutoCommit(false);
    put(connection, changes);
    connection.commit();
    driver.become(
        driver.world().change(name, living -> living.with(living.content().with(changes))));
    assertThat(Content.read(connection)).isEqualTo(driver.world().get(name).content());
  }

  private static Map<Integer, Integer> changes(Random random) {
    Map<Integer, Integer> changes = new TreeMap<>();
    int count = 1 + random.nextInt(50);
    for (int i = 0; i < count; i++) {
      changes.put(random.nextInt(200), random.nextInt());
    }
    return changes;
  }

  private static void put(Connection connection, Map<Integer, Integer> changes)
      throws SQLException {
    try (PreparedStatement put =
        connection.prepareStatement(
            "INSERT INTO life VALUES (?, ?, repeat('x', 3000)) ON CONFLICT (k) DO UPDATE SET v ="
                + " excluded.v")) {
      for (Map.Entry<Integer, Integer> change : changes.entrySet()) {
        put.setInt(1, change.getKey());
        put.setInt(2, change.getValue());
        put.addBatch();
      }
      put.executeBatch();
    }
  }

  /** Without a word, in the middle of a transaction. */
  void clientDies(String name, Random random) throws Exception {
    visit(
        name,
        connection -> {
          connection.setAutoCommit(false);
          put(connection, changes(random));
          connection.abort(Runnable::run);
        });
    check(name);
  }

  void killServer(String name, Random random) throws Exception {
    Door door = enter(name, null);
    try (Connection connection = connect(door, name)) {
      connection.setAutoCommit(false);
      put(connection, changes(random));
      driver.site().killServer(door.socket());
      connection.abort(Runnable::run);
    } finally {
      driver.ask("close", door.id());
    }
    check(name);
  }

  /**
   * A transaction is open meanwhile, and nothing takes it away but that its environment expires.
   */
  void leaveOpen(String name, Random random, Times.Idleness meanwhile) throws Exception {
    Door door = enter(name, null);
    try (Connection connection = connect(door, name)) {
      touch(door, name);
      Map<Integer, Integer> changes = changes(random);
      connection.setAutoCommit(false);
      put(connection, changes);
      assertThat(driver.refusal("refresh", name, "gently")).isEqualTo("55006");
      assertThat(driver.refusal("suspend", name, "gently")).isEqualTo("55006");
      meanwhile.pass(name);
      if (!driver.world().has(name)) {
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> put(connection, changes));
        connection.abort(Runnable::run);
        return;
      }
      touch(door, name);
      connection.commit();
      driver.become(
          driver.world().change(name, living -> living.with(living.content().with(changes))));
    } finally {
      driver.ask("close", door.id());
    }
    check(name);
  }
}
