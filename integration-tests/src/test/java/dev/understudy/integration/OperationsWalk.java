package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.testing.OperationsTable;
import dev.understudy.testing.OperationsTable.Row;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Does everything of the table of operations once by each way that has it, to an environment of
 * each way's own, and looks by another way at what has come of it.
 */
final class OperationsWalk {
  private static final String SOURCE = "prod";

  private final Shop shop;
  private final Ways ways;
  private final Reloading reloading;
  private int reloads;

  /** Puts settings into the daemon's file that have so many patterns more. */
  @FunctionalInterface
  interface Reloading {
    void rewrite(int patterns) throws Exception;
  }

  private enum Way {
    CONSOLE,
    HTTP,
    SHELL;

    String environment() {
      return "pr-by-" + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How one is done to an environment.
   *
   * @param body for the route
   * @param words after the command of the shell
   * @param effect whether it is to be seen, by what was before and is now
   */
  private record Step(
      String command, @Nullable String body, List<String> words, BiPredicate<Seen, Seen> effect) {}

  OperationsWalk(Shop shop, Ways ways, Reloading reloading) {
    this.shop = shop;
    this.ways = ways;
    this.reloading = reloading;
  }

  /** To the end, which is the daemon's. */
  void walk() throws Exception {
    for (Row row : OperationsTable.changes()) {
      if (row.name().equals("SHUTDOWN")) {
        look();
        end();
        continue;
      }
      for (Way way : Way.values()) {
        if (has(row, way)) {
          walk(row, way);
        }
      }
    }
  }

  private void look() throws Exception {
    OperationsLook look = new OperationsLook(ways, Way.HTTP.environment(), SOURCE);
    try (Connection _ = shop.connect("shop@" + Way.HTTP.environment())) {
      for (Row row : OperationsTable.looks()) {
        look.compare(row);
      }
    }
  }

  private void end() throws Exception {
    for (Way way : Way.values()) {
      assertThat(ways.console("DROP ENVIRONMENT " + way.environment())).isNull();
    }
    assertThat(ways.console("SHUTDOWN")).isNull();
    assertThat(shop.daemon().awaitEnd()).isZero();
    assertThatThrownBy(() -> ways.answered("/healthz")).isInstanceOf(ConnectException.class);
  }

  private static boolean has(Row row, Way way) {
    return switch (way) {
      case CONSOLE -> row.console() != null;
      case HTTP -> row.http() != null;
      case SHELL -> row.cli() != null;
    };
  }

  private void walk(Row row, Way way) throws Exception {
    String what = row.name() + " by " + way;
    try (Target target = target(row, way.environment())) {
      Seen before = seen(way);
      Step step = step(row.name(), way.environment(), target.id());
      assertThat(run(row, way, step)).as(what).isNull();
      Await.soon(what, () -> step.effect().test(before, seen(way)));
    }
  }

  private Ways.@Nullable Refusal run(Row row, Way way, Step step) throws Exception {
    switch (way) {
      case CONSOLE -> {
        assertThat(step.command()).startsWith(row.name());
        return ways.console(step.command());
      }
      case HTTP -> {
        String route = String.valueOf(row.http());
        String name = route.contains("/sources/") ? SOURCE : way.environment();
        return ways.http(route.replace("{name}", name), step.body());
      }
      case SHELL -> {
        List<String> words = new ArrayList<>(List.of(String.valueOf(row.cli())));
        words.addAll(step.words());
        return ways.shell(words.toArray(String[]::new));
      }
    }
    throw new AssertionError(way);
  }

  private static Step step(String word, String name, String id) {
    String command = word + " ENVIRONMENT " + name;
    return switch (word) {
      case "CREATE" ->
          new Step(
              command,
              "{\"name\":\"%s\"}".formatted(name),
              List.of(name),
              (before, now) -> before.state() == null && "running".equals(now.state()));
      case "REFRESH", "RESET" ->
          new Step(
              command + " FORCE",
              "{\"force\":true}",
              List.of(name, "--force"),
              (before, now) -> now.state() != null && now.trash() == before.trash() + 1);
      case "SUSPEND" ->
          new Step(
              command + " FORCE",
              "{\"force\":true}",
              List.of(name, "--force"),
              (before, now) -> "running".equals(before.state()) && "suspended".equals(now.state()));
      case "RESUME" ->
          new Step(
              command,
              null,
              List.of(name),
              (before, now) -> "suspended".equals(before.state()) && "running".equals(now.state()));
      case "PROTECT" ->
          new Step(
              command, null, List.of(name), (before, now) -> !before.guarded() && now.guarded());
      case "UNPROTECT" ->
          new Step(
              command, null, List.of(name), (before, now) -> before.guarded() && !now.guarded());
      case "EXTEND" ->
          new Step(
              command + " BY '2 days'",
              "{\"by\":\"2 days\"}",
              List.of(name, "2 days"),
              (before, now) -> !before.kept() && now.kept());
      case "COMMENT" ->
          new Step(
              "COMMENT ON ENVIRONMENT " + name + " IS 'walked'",
              "{\"label\":\"walked\"}",
              List.of(name, "walked"),
              (before, now) -> before.label() == null && "walked".equals(now.label()));
      case "DROP" ->
          new Step(
              command,
              null,
              List.of(name),
              (before, now) -> before.state() != null && now.state() == null);
      case "UNDROP" ->
          new Step(
              command,
              null,
              List.of(name),
              (before, now) -> before.state() == null && "walked".equals(now.label()));
      case "SNAPSHOT" ->
          new Step(
              "SNAPSHOT SOURCE " + SOURCE,
              null,
              List.of(SOURCE),
              (before, now) -> !before.snapshot().equals(now.snapshot()));
      case "RELOAD" ->
          new Step(
              "RELOAD", null, List.of(), (before, now) -> now.patterns() == before.patterns() + 1);
      case "KILL_CLIENT" ->
          new Step(
              "KILL_CLIENT " + id,
              null,
              List.of(),
              (before, now) -> before.sessions() == 1 && now.sessions() == 0);
      default -> throw new AssertionError("nobody walks " + word);
    };
  }

  /**
   * What has to be there for it.
   *
   * @param id of a session; empty: it needs none
   */
  private record Target(String id, @Nullable Connection session) implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      if (session != null) {
        session.close();
      }
    }
  }

  private Target target(Row row, String environment) throws Exception {
    if (row.name().equals("RELOAD")) {
      reloading.rewrite(++reloads);
    }
    if (!row.name().equals("KILL_CLIENT")) {
      return new Target("", null);
    }
    Connection session = shop.connect("shop@" + environment);
    Map<String, @Nullable Object> client =
        Seen.named(ways.shown("SHOW CLIENTS"), "environment", environment).orElseThrow();
    return new Target(String.valueOf(client.get("id")), session);
  }

  /** By another way than the one that it is done by. */
  private Seen seen(Way way) throws Exception {
    return way == Way.CONSOLE
        ? Seen.byHttp(ways, way.environment(), SOURCE)
        : Seen.byConsole(ways, way.environment(), SOURCE);
  }
}
