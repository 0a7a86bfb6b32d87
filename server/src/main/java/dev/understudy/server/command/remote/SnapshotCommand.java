package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code understudy snapshot SOURCE}. */
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description = "Cuts a snapshot of production as it is now. For administrators.")
public final class SnapshotCommand extends RemoteCommand {
  @Parameters(paramLabel = "SOURCE", description = "of the settings")
  private String source = "";

  @Override
  int run(ApiClient api) throws Exception {
    String path = "/sources/" + ApiClient.encoded(source);
    api.change("POST", path + "/snapshots", null);
    JsonNode now = api.get(path);
    return tell(now, source + ": data of " + now.path("data_time").asText() + "\n");
  }
}
