package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code understudy findings SNAPSHOT}. */
@Command(
    name = "findings",
    mixinStandardHelpOptions = true,
    description = "Lists what was found in a snapshot, and what became of it.")
public final class FindingsCommand extends RemoteCommand {
  @Parameters(paramLabel = "SNAPSHOT", description = "its id, as \"snapshots\" lists it")
  private String snapshot = "";

  @Override
  int run(ApiClient api) throws Exception {
    List<JsonNode> findings = api.list("/snapshots/" + ApiClient.encoded(snapshot) + "/findings");
    Table table = new Table("kind", "database", "name", "action");
    for (JsonNode one : findings) {
      table.row(
          Spoken.text(one.path("kind")),
          Spoken.text(one.path("database")),
          Spoken.text(one.path("name")),
          Spoken.text(one.path("action")));
    }
    return tell(findings, table);
  }
}
