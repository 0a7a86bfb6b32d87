package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code understudy extend NAME INTERVAL}. */
@Command(
    name = "extend",
    mixinStandardHelpOptions = true,
    description = {
      "Lets nothing automatic remove an environment for so much longer:",
      "from now, or from when it is kept until already."
    })
public final class ExtendCommand extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Parameters(index = "1", paramLabel = "INTERVAL", description = "'2 days', 3h, 1w")
  private String interval = "";

  @Override
  int run(ApiClient api) throws Exception {
    String path = Paths.environment(name);
    api.change("POST", path + "/extend", ApiClient.object().put("by", interval));
    JsonNode environment = api.get(path);
    return tell(
        environment, name + ": kept until " + environment.path("kept_until").asText() + "\n");
  }
}
