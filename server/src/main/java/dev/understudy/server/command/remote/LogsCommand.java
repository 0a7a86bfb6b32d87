package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy logs NAME}. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Prints what the server of an environment has logged last.")
public final class LogsCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "how many lines at most (default: ${DEFAULT-VALUE})")
  private int lines;

  @Override
  int run(ApiClient api) throws Exception {
    JsonNode log = api.get(Paths.environment(name) + "/log?lines=" + lines);
    StringBuilder text = new StringBuilder();
    // Who writes to it is hostile perhaps, and terminals obey what they are shown.
    log.path("lines").forEach(line -> text.append(Table.printable(line.asText())).append('\n'));
    return tell(log, text);
  }
}
