package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One random life: does things to environments, and knows what must follow. What was under way when
 * the daemon was killed has happened or has not; which of the two shows at the next start.
 */
final class Life {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String RECOVERING = "57P03";

  private final Random random;
  private final Site site;
  private final List<String> story = new ArrayList<>();
  private LifeProcess daemon;
  private World world;

  Life(long seed, Site site) throws Exception {
    this.random = new Random(seed);
    this.site = site;
    this.world = World.of(site.version());
    this.daemon = site.startDaemon();
  }

  /** For whoever has to find out what went wrong. */
  String story() {
    return String.join("\n", story);
  }

  void live(int operations) throws Exception {
    for (int i = 0; i < operations; i++) {
      step();
    }
    world.environments().keySet().forEach(name -> unchecked(() -> check(name)));
    checkDaemon(List.of(world));
    site.checkLeaks(world);
  }

  /** All servers stop; the daemon ends. */
  void end() throws Exception {
    daemon.ask("shutdown");
    daemon.close();
    site.checkNoServers();
  }

  void abandon() throws Exception {
    daemon.close();
  }

  private void step() throws Exception {
    String name = (random.nextInt(4) == 0 ? "keep-" : "pr-") + random.nextInt(3);
    boolean exists = world.environments().containsKey(name);
    switch (random.nextInt(19)) {
      case 0, 1, 2 -> tell("write " + name, () -> write(name));
      case 3 -> tell("look at " + name, () -> check(name));
      case 4 -> tell("client of " + name + " dies", () -> clientDies(name));
      case 5 -> tell("server of " + name + " is killed", () -> killServer(name));
      case 6 -> {
        if (exists) {
          change("drop " + name, before -> before.without(name), "drop", name);
        }
      }
      case 7 -> undrop(name);
      case 8 -> tell("the daemon is killed", this::killDaemon);
      case 9 -> {
        if (exists) {
          interrupted("drop " + name, before -> before.without(name), "drop", name);
        }
      }
      case 10 -> {
        if (!exists) {
          interrupted("open " + name, before -> opened(before, name), "open", name);
        }
      }
      case 11 -> tell("snapshot", this::snapshot);
      case 12 -> tell("the pool is full", () -> fill(name));
      case 13 -> tell("the disk stands still", () -> freeze(name));
      case 14 -> {
        if (exists) {
          move("refresh", name, before -> before.replaced(name, Content.of(before.newest())));
        }
      }
      case 15 -> {
        if (exists && site.hasSnapshotOf(base(name))) {
          move("reset", name, before -> before.replaced(name, Content.of(base(name))));
        }
      }
      case 16 -> {
        if (exists) {
          tell("suspend " + name, () -> daemon.ask("suspend", name, "force"));
        }
      }
      default -> branch(name, exists);
    }
  }

  private void tell(String what, Action action) throws Exception {
    story.add(what);
    action.run();
  }

  /** Does it, and expects what follows. */
  private void change(String what, UnaryOperator<World> effect, String... command)
      throws Exception {
    story.add(what);
    daemon.ask(command);
    world = effect.apply(world);
  }

  /** Kills the daemon while it does it. */
  private void interrupted(String what, UnaryOperator<World> effect, String... command)
      throws Exception {
    story.add("the daemon is killed during: " + what);
    daemon.begin(command);
    Thread.sleep(random.nextInt(120));
    daemon.kill();
    daemon = site.startDaemon();
    checkDaemon(List.of(world, effect.apply(world)));
  }

  private int base(String name) {
    return requireNonNull(world.environments().get(name)).base();
  }

  private void move(String verb, String name, UnaryOperator<World> effect) throws Exception {
    if (random.nextBoolean()) {
      change(verb + " " + name, effect, verb, name, "force");
    } else {
      interrupted(verb + " " + name, effect, verb, name, "force");
    }
  }

  /** Of one that lives, while somebody works in it. */
  private void branch(String name, boolean exists) throws Exception {
    String parent = "pr-0";
    Content content = world.environments().get(parent);
    if (exists || content == null) {
      return;
    }
    UnaryOperator<World> effect = before -> before.with(name, content);
    if (random.nextBoolean()) {
      change("branch " + name + " of " + parent, effect, "branch", name, parent);
      check(name);
    } else {
      interrupted("branch " + name + " of " + parent, effect, "branch", name, parent);
    }
  }

  private static World opened(World before, String name) {
    return before.environments().containsKey(name)
        ? before
        : before.with(name, Content.of(before.newest()));
  }

  private void undrop(String name) throws Exception {
    if (world.hasInTrash(name)) {
      if (world.environments().containsKey(name)) {
        story.add("undrop " + name + ", which lives");
        assertThat(refusal("undrop", name, name)).isEqualTo("42710");
      } else if (random.nextBoolean()) {
        change("undrop " + name, before -> before.undropped(name, name), "undrop", name, name);
      } else {
        interrupted("undrop " + name, before -> before.undropped(name, name), "undrop", name, name);
      }
    }
  }

  private String refusal(String... command) throws IOException {
    try {
      return "accepted: " + daemon.ask(command);
    } catch (LifeProcess.Refused e) {
      return e.sqlState;
    }
  }

  /** The one that the daemon's own picture agrees with. */
  private void checkDaemon(List<World> possible) throws Exception {
    String names = daemon.ask("list");
    world =
        possible.stream()
            .filter(candidate -> String.join(" ", candidate.names()).equals(names))
            .reduce((first, second) -> second)
            .orElseThrow(() ->
                new AssertionError(
                    names + " is none of " + possible.stream().map(World::names).toList()));
  }

  private void killDaemon() throws Exception {
    daemon.kill();
    daemon = site.startDaemon();
    checkDaemon(List.of(world));
  }

  private void snapshot() throws Exception {
    int version = site.newVersion();
    daemon.ask("snapshot");
    world = world.withSnapshot(version);
  }

  private void check(String name) throws Exception {
    visit(name, connection -> {});
  }

  /** A session; before and after its work the content is what it must be. */
  private void visit(String name, Work work) throws Exception {
    Door door = enter(name);
    try (Connection connection = connect(door.socket())) {
      daemon.ask("touch", door.id());
      assertThat(Content.read(connection)).as(name).isEqualTo(world.environments().get(name));
      work.run(connection);
    } finally {
      daemon.ask("close", door.id());
    }
  }

  /** A session's number, and where its server listens. */
  private record Door(String id, Path socket) {}

  private Door enter(String name) throws IOException {
    String answer = daemon.ask("open", name);
    world = opened(world, name);
    int space = answer.indexOf(' ');
    return new Door(answer.substring(0, space), Path.of(answer.substring(space + 1)));
  }

  /** A server that ended itself, for want of room, recovers by itself. */
  private static Connection connect(Path socket) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return Sql.connect(socket, "postgres", "postgres", PATIENCE);
      } catch (SQLException e) {
        if (!RECOVERING.equals(e.getSQLState()) || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  private void write(String name) throws Exception {
    visit(
        name,
        connection -> {
          Map<Integer, Integer> changes = changes();
          connection.setAutoCommit(false);
          put(connection, changes);
          connection.commit();
          world = world.with(name, requireNonNull(world.environments().get(name)).with(changes));
          assertThat(Content.read(connection)).isEqualTo(world.environments().get(name));
        });
  }

  private Map<Integer, Integer> changes() {
    Map<Integer, Integer> changes = new TreeMap<>();
    for (int i = 0; i < 1 + random.nextInt(50); i++) {
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
  private void clientDies(String name) throws Exception {
    visit(
        name,
        connection -> {
          connection.setAutoCommit(false);
          put(connection, changes());
          connection.abort(Runnable::run);
        });
    check(name);
  }

  private void killServer(String name) throws Exception {
    Door door = enter(name);
    try (Connection connection = connect(door.socket())) {
      connection.setAutoCommit(false);
      put(connection, changes());
      site.killServer(door.socket());
      connection.abort(Runnable::run);
    } finally {
      daemon.ask("close", door.id());
    }
    check(name);
  }

  /** Whoever writes gets an error, and loses nothing; what is new is refused. */
  private void fill(String name) throws Exception {
    for (String living : world.environments().keySet()) {
      daemon.ask("guard", living, "on");
    }
    try (AutoCloseable _ = site.fill()) {
      if (!world.environments().containsKey(name)) {
        assertThat(refusal("open", name)).isEqualTo("53100");
      } else {
        try {
          visit(name, Life::overflow);
        } catch (SQLException e) {
          // A server that cannot write its WAL ends.
          assertThat(e.getSQLState()).matches("53.*|08.*|57P0.");
        } catch (LifeProcess.Refused e) {
          assertThat(e.sqlState).isEqualTo("53100");
        }
      }
    }
    forgetTrashThatGaveWay();
    for (String living : world.environments().keySet()) {
      daemon.ask("guard", living, "off");
      check(living);
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

  /** What has been in the trash for longest makes room first. */
  private void forgetTrashThatGaveWay() throws Exception {
    List<World.Trashed> trash = world.trash();
    String names = daemon.ask("list");
    for (int gone = 0; gone <= trash.size(); gone++) {
      World candidate = world.withTrash(trash.subList(gone, trash.size()));
      if (String.join(" ", candidate.names()).equals(names)) {
        world = candidate;
        return;
      }
    }
    throw new AssertionError(names + " has lost more than trash: " + world.names());
  }

  /** Nothing can be written for a moment; all goes on after it. */
  private void freeze(String name) throws Exception {
    Process frozen = site.freezeFor(Duration.ofMillis(200 + random.nextInt(800)));
    write(name);
    assertThat(frozen.waitFor()).isZero();
  }

  private static void unchecked(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What is done in a session. */
  @FunctionalInterface
  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }
}
