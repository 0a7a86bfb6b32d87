package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.server.client.ApiClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy create NAME}. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an environment and starts it; connecting to it does the same.",
      "One that is there already, of the same origin, is left as it is."
    })
public final class CreateCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @ArgGroup private @Nullable Origin origin;

  @Option(names = "--fresh", description = "of a snapshot that is cut first; for administrators")
  private boolean fresh;

  @Option(names = "--label", paramLabel = "TEXT", description = "what it is for")
  private @Nullable String label;

  private static final class Origin {
    @Option(
        names = "--source",
        paramLabel = "SOURCE",
        description = "of the newest snapshot of this source (default: the pattern's)")
    private @Nullable String source;

    @Option(names = "--snapshot", paramLabel = "ID", description = "of an older snapshot")
    private @Nullable String snapshot;

    @Option(
        names = "--environment",
        paramLabel = "OTHER",
        description = "a branch: with the data that another environment has at this moment")
    private @Nullable String environment;
  }

  @Override
  int run(ApiClient api) throws Exception {
    ObjectNode body = ApiClient.object().put("name", name);
    if (fresh) {
      body.put("fresh", true);
    }
    if (label != null) {
      body.put("label", label);
    }
    if (origin != null) {
      ObjectNode from = body.putObject("from");
      put(from, "source", origin.source);
      put(from, "snapshot", origin.snapshot);
      put(from, "environment", origin.environment);
    }
    api.change("POST", Paths.ENVIRONMENTS, body);
    return tellOf(api, name, "is there");
  }

  private static void put(ObjectNode object, String key, @Nullable String value) {
    if (value != null) {
      object.put(key, value);
    }
  }
}
