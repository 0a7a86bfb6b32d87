package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code understudy show NAME}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows all that is known of an environment.")
public final class ShowCommand extends RemoteCommand {
  private static final String LINE = "%-15s %s%n";

  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Override
  int run(ApiClient api) throws Exception {
    JsonNode environment = api.get(Paths.environment(name) + "?usage=true");
    StringBuilder text = new StringBuilder();
    environment
        .properties()
        .forEach(property -> {
          JsonNode value = property.getValue();
          if (property.getKey().equals("storage")) {
            text.append(LINE.formatted("private_bytes", Spoken.size(value.path("private_bytes"))));
            text.append(LINE.formatted("shared_bytes", Spoken.size(value.path("shared_bytes"))));
          } else {
            text.append(LINE.formatted(property.getKey(), Table.printable(Spoken.text(value))));
          }
        });
    return tell(environment, text);
  }
}
