package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.ClonerInTime;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.config.Settings;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A daemon in a process of its own, to be killed. One command a line on its standard input, one
 * answer a line: {@code ok ...} or {@code error SQLSTATE MESSAGE}.
 */
final class LifeDaemon {
  private final Cloner cloner;
  private final LifeTime time;
  private final Map<String, EnvironmentSession> sessions = new HashMap<>();
  private int count;

  private LifeDaemon(Cloner cloner, LifeTime time) {
    this.cloner = cloner;
    this.time = time;
  }

  /**
   * Serves until it is killed, or its input ends.
   *
   * @param arguments the daemon's directory, production's, the home of PostgreSQL, a hook, and by
   *     how many milliseconds the clock and the own time are ahead of this host's
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // what is logged is no answer
    Settings settings =
        LifeSettings.of(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]));
    LifeTime time = new LifeTime(Long.parseLong(arguments[4]), Long.parseLong(arguments[5]));
    LifeDaemon daemon = new LifeDaemon(ClonerInTime.open(settings, time), time);
    daemon.cloner.beginIdling();
    answers.println("ok");
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      answers.println(daemon.answer(List.of(line.split(" "))));
      answers.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private String answer(List<String> words) throws InterruptedException {
    try {
      return "ok " + run(words);
    } catch (ExecutionException e) {
      return e.getCause() instanceof EnvironmentUnavailable refusal
          ? "error %s %s %s"
              .formatted(refusal.sqlState(), refusal.getMessage(), refusal.detail().orElse(""))
              .replace('\n', ' ')
          : "error XX000 " + String.valueOf(e.getCause()).replace('\n', ' ');
    } catch (Exception e) {
      return "error XX000 " + String.valueOf(e).replace('\n', ' ');
    }
  }

  private String run(List<String> words) throws Exception {
    String name = words.size() > 1 ? words.get(1) : "";
    return switch (words.getFirst()) {
      case "open" -> {
        String token = words.size() > 2 ? words.get(2) : null;
        EnvironmentSession session =
            await(cloner.open(new EnvironmentRequest(name, "postgres", null, token)));
        String id = "s" + count++;
        sessions.put(id, session);
        yield id + " " + session.socket();
      }
      case "touch" -> {
        requireNonNull(sessions.get(name)).activity();
        yield "";
      }
      case "close" -> {
        requireNonNull(sessions.remove(name)).close();
        yield "";
      }
      case "list" -> names();
      case "awake" ->
          String.join(
              " ",
              cloner.environments().stream()
                  .filter(EnvironmentStatus::running)
                  .map(EnvironmentStatus::name)
                  .toList());
      case "pass" -> {
        time.pass(Long.parseLong(name));
        yield "";
      }
      case "settle" -> {
        settle();
        yield "";
      }
      case "set" -> {
        time.set(Long.parseLong(name));
        yield "";
      }
      case "drop" -> String.valueOf(await(cloner.drop(name)));
      case "undrop" -> await(cloner.undrop(name, words.get(2))).name();
      case "guard" -> String.valueOf(await(cloner.guard(name, words.get(2).equals("on"))));
      case "keep" -> await(cloner.keepUntil(name, inMillis(words.get(2)))).name();
      case "refresh" -> await(cloner.refresh(name, words.get(2).equals("force"))).name();
      case "reset" -> await(cloner.reset(name, words.get(2).equals("force"))).name();
      case "branch" -> create(name, new CreateFrom.Environment(words.get(2)), false);
      case "restore" -> create(name, new CreateFrom.Snapshot(words.get(2)), false);
      case "fresh" -> create(name, new CreateFrom.Policy(), true);
      case "suspend" -> String.valueOf(await(cloner.suspend(name, words.get(2).equals("force"))));
      case "snapshot" -> await(cloner.cutSnapshot("prod")).id();
      case "newest" -> cloner.snapshots("prod").getFirst().id();
      case "shutdown" -> {
        cloner.shutdown();
        yield "";
      }
      default -> throw new IllegalArgumentException(words.toString());
    };
  }

  private String create(String name, CreateFrom from, boolean fresh) throws Exception {
    return await(cloner.create(name, from, fresh, null)).name();
  }

  private Instant inMillis(String millis) {
    return time.clock().instant().plusMillis(Long.parseLong(millis));
  }

  /** What alarms have begun is done: after that an environment does what it is asked for. */
  private void settle() throws Exception {
    time.awaitAlarms();
    for (EnvironmentStatus status : cloner.environments()) {
      try {
        await(cloner.label(status.name(), null));
      } catch (ExecutionException e) {
        System.err.println(status.name() + " is gone: " + e.getCause());
      }
    }
  }

  private String names() {
    Stream<String> living = cloner.environments().stream().map(status -> status.name());
    Stream<String> trashed =
        cloner.trash().stream().map(record -> "-" + record.environment().name()).sorted();
    return String.join(" ", Stream.concat(living, trashed).toList());
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(120, TimeUnit.SECONDS);
  }
}
