package dev.understudy.server.command.remote;

import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code understudy label NAME TEXT}. */
@Command(
    name = "label",
    mixinStandardHelpOptions = true,
    description = "Says what an environment is for.")
public final class LabelCommand extends RemoteCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Parameters(index = "1", paramLabel = "TEXT", description = "'' says nothing")
  private String text = "";

  @Override
  int run(ApiClient api) throws Exception {
    api.change("PUT", Paths.environment(name) + "/label", ApiClient.object().put("label", text));
    return tellOf(api, name, text.isEmpty() ? "has no label" : "labelled");
  }
}
