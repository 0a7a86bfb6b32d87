package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code understudy sources}. */
@Command(
    name = "sources",
    mixinStandardHelpOptions = true,
    description = "Lists the sources, with how far behind production they are.")
public final class SourcesCommand extends RemoteCommand {
  @Override
  int run(ApiClient api) throws Exception {
    List<JsonNode> sources = api.list("/sources");
    Spoken spoken = spoken();
    Table table =
        new Table("name", "type", "connected", "lag", "snapshots", "newest data", "masked");
    for (JsonNode one : sources) {
      table.row(
          Spoken.text(one.path("name")),
          Spoken.text(one.path("type")),
          one.path("connected").isBoolean()
              ? yes(one.path("connected").booleanValue())
              : Spoken.NOTHING,
          one.path("lag_seconds").isNumber()
              ? one.path("lag_seconds").asText() + "s, " + Spoken.size(one.path("lag_bytes"))
              : Spoken.NOTHING,
          Spoken.text(one.path("snapshots")),
          spoken.age(one.path("data_time")),
          yes(one.path("masked").asBoolean()));
    }
    return tell(sources, table);
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }
}
