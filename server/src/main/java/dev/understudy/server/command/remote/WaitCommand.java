package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.CommandException;
import dev.understudy.server.client.ApiClient;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy wait NAME}. */
@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description = {
      "Waits until an environment is there, made by whomever.",
      "Who connects needs not wait: the proxy does it for them."
    })
public final class WaitCommand extends RemoteCommand {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /** Who connects gets in: at once, or as soon as the server has been started again. */
  private static final Set<String> THERE = Set.of("running", "suspended", "stopped", "lost");

  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long at most (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Override
  int run(ApiClient api) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    while (true) {
      Optional<JsonNode> environment = api.find(Paths.environment(name));
      String state = environment.map(found -> found.path("state").asText()).orElse("");
      if (THERE.contains(state)) {
        return tell(environment.orElseThrow(), name + ": " + state + "\n");
      }
      if (state.equals("failed")) {
        throw new CommandException(
            "environment \"" + name + "\" has failed", "Drop it, or reset it.", null);
      }
      if (System.nanoTime() >= end) {
        throw new CommandException(
            "environment \"" + name + "\" is not there after " + timeout + " s",
            "understudy create " + name + " makes it.",
            null);
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }
}
