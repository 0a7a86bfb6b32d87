package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.server.client.ApiClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code understudy undrop NAME}. */
@Command(
    name = "undrop",
    mixinStandardHelpOptions = true,
    description = "Takes what was dropped or replaced last under a name out of the trash.")
public final class UndropCommand extends RemoteCommand {
  @Parameters(paramLabel = "NAME", description = "that it had")
  private String name = "";

  @Option(
      names = "--as",
      paramLabel = "OTHER",
      description = "name that it gets; needed while the former one lives anew")
  private @Nullable String as;

  @Override
  int run(ApiClient api) throws Exception {
    ObjectNode body = ApiClient.object();
    if (as != null) {
      body.put("as", as);
    }
    api.change("POST", Paths.environment(name) + "/undrop", body);
    return tellOf(api, as == null ? name : as, "is back, asleep");
  }
}
