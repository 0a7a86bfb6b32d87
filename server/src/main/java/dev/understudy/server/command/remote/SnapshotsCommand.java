package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy snapshots}. */
@Command(
    name = "snapshots",
    mixinStandardHelpOptions = true,
    description = "Lists the snapshots that environments can be made of.")
public final class SnapshotsCommand extends RemoteCommand {
  @Option(names = "--source", paramLabel = "SOURCE", description = "only those of this source")
  private @Nullable String source;

  @Override
  int run(ApiClient api) throws Exception {
    List<JsonNode> snapshots =
        api.list(source == null ? "/snapshots" : "/snapshots?source=" + ApiClient.encoded(source));
    Spoken spoken = spoken();
    Table table =
        new Table("id", "source", "data", "cut", "version", "size", "masked", "databases");
    for (JsonNode one : snapshots) {
      List<String> databases = one.path("databases").valueStream().map(JsonNode::asText).toList();
      table.row(
          Spoken.text(one.path("id")),
          Spoken.text(one.path("source")),
          spoken.age(one.path("data_time")),
          spoken.age(one.path("created_at")),
          Spoken.text(one.path("version")),
          Spoken.size(one.path("bytes")),
          one.path("masked").asBoolean() ? "yes" : "no",
          String.join(", ", databases));
    }
    return tell(snapshots, table);
  }
}
