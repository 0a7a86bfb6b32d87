package dev.understudy.server.command.remote;

import dev.understudy.server.client.ApiClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy drop NAME}. */
@Command(
    name = "drop",
    mixinStandardHelpOptions = true,
    description = "Drops an environment. For the undrop window, undrop brings it back.")
public final class DropCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "of the environment")
  private String name = "";

  @Option(names = "--if-exists", description = "one that does not exist is no error")
  private boolean ifExists;

  @Override
  int run(ApiClient api) throws Exception {
    String path = Paths.environment(name);
    if (!ifExists) {
      api.change("DELETE", path, null);
    } else if (!api.remove(path)) {
      return tell(ApiClient.object(), name + ": there is none\n");
    }
    tell(ApiClient.object(), name + ": dropped\n");
    return ExitCode.OK;
  }
}
