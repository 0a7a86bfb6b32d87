package dev.understudy.server.command.remote;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.server.CommandException;
import dev.understudy.server.Terminal;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Waiting;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** One that asks the daemon, and says the answer to people or to scripts. */
public abstract class RemoteCommand implements Callable<Integer> {
  @Mixin private final ApiOptions options = new ApiOptions();

  @Option(names = "--json", description = "what the HTTP API answers, for scripts")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (ApiClient api =
        new ApiClient(
            options.address(),
            new Waiting(err(), !json && Terminal.isThere(), Terminal::columns))) {
      return run(api);
    } finally {
      out().flush();
    }
  }

  /** Returns the exit code. */
  abstract int run(ApiClient api) throws Exception;

  CommandSpec spec() {
    return requireNonNull(spec, "spec is null");
  }

  PrintWriter out() {
    return spec().commandLine().getOut();
  }

  PrintWriter err() {
    return spec().commandLine().getErr();
  }

  Spoken spoken() {
    return new Spoken(InstantSource.system());
  }

  /**
   * Tells an answer.
   *
   * @param text for people
   */
  int tell(JsonNode answer, Object text) {
    out().print(json ? answer.toPrettyString() + "\n" : text);
    return ExitCode.OK;
  }

  /** The same of a list. */
  int tell(List<JsonNode> items, Object text) {
    return tell(JsonNodeFactory.instance.arrayNode().addAll(items), text);
  }

  /** Has something done to an environment and tells how it is then. */
  int change(ApiClient api, String name, String verb, @Nullable JsonNode body, String done)
      throws CommandException, InterruptedException {
    api.change("POST", Paths.environment(name) + "/" + verb, body);
    return tellOf(api, name, done);
  }

  int tellOf(ApiClient api, String name, String done)
      throws CommandException, InterruptedException {
    return tell(api.get(Paths.environment(name)), name + ": " + done + "\n");
  }
}
