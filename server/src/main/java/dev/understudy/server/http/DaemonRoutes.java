package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.config.NamePattern;
import dev.understudy.config.Settings;
import dev.understudy.server.Version;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** What concerns the daemon itself. */
final class DaemonRoutes {
  private static final String CONFIG_FILE_ERROR = "F0000";

  private final Operations operations;
  private final Supplier<Settings> settings;
  private final Reloader reloader;
  private final String description = read("openapi.json");

  DaemonRoutes(Operations operations, Supplier<Settings> settings, Reloader reloader) {
    this.operations = requireNonNull(operations, "operations is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.reloader = requireNonNull(reloader, "reloader is null");
  }

  List<Route> all() {
    return List.of(
        Route.get("/openapi.json", _ -> new Reply(200, Map.of(), text())),
        Route.get(Route.ROOT, this::about),
        Route.post(Route.ROOT + "/reload", this::reload));
  }

  private Reply.Text text() {
    return new Reply.Text(description);
  }

  /**
   * Who asks, and whom.
   *
   * @param patterns of the names that environments can have for the token
   */
  private record About(String version, Self token, List<String> patterns) {}

  /** What a token is known as, and what it may do. */
  private record Self(String name, String role, String owner, List<String> environments) {
    static Self of(Actor actor) {
      String role = actor.administrator() ? "administrator" : "user";
      return new Self(
          actor.login(),
          actor.reach().readOnly() ? "viewer" : role,
          actor.role(),
          actor.reach().environments().stream().map(NamePattern::toString).toList());
    }
  }

  private Reply about(Call call) {
    Self self = Self.of(call.actor());
    List<String> patterns =
        self.environments().isEmpty()
            ? settings.get().environments().stream()
                .map(policy -> policy.pattern().toString())
                .toList()
            : self.environments();
    return Reply.ok(new About(Version.number(), self, patterns));
  }

  /** What was taken up. */
  private record Reloaded(List<String> waiting, List<String> warnings) {}

  private record NoWords() {}

  private Reply reload(Call call) throws IOException {
    NoWords _ = call.body(NoWords.class, new NoWords());
    try {
      return operations
          .administer(call.actor(), "RELOAD", this::attempt)
          .thenApply(Reply::ok)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof OperationException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private Reloaded attempt() {
    Reloader.Outcome outcome = reloader.reload();
    if (!outcome.problems().isEmpty()) {
      throw OperationException.of(
          CONFIG_FILE_ERROR,
          "the settings are not taken up",
          String.join("\n", outcome.problems()),
          "All goes on as it was; mend the file and reload it again.");
    }
    return new Reloaded(outcome.waiting(), outcome.warnings());
  }

  private static String read(String resource) {
    try (InputStream in = DaemonRoutes.class.getResourceAsStream(resource)) {
      return new String(requireNonNull(in, resource + " is missing").readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
