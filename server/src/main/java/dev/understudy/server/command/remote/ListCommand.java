package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy ls}. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Lists the environments, or what of the trash can be had back.")
public final class ListCommand extends RemoteCommand {
  @Option(names = "--trash", description = "what undrop can bring back, youngest first")
  private boolean trash;

  @Override
  int run(ApiClient api) throws Exception {
    if (trash) {
      List<JsonNode> trashed = api.list("/trash");
      return tell(trashed, trash(trashed));
    }
    List<JsonNode> environments = api.list(Paths.ENVIRONMENTS);
    return tell(environments, environments(environments));
  }

  private Table environments(List<JsonNode> environments) {
    Spoken spoken = spoken();
    Table table =
        new Table("name", "state", "source", "data", "sessions", "used", "owner", "ends", "label");
    for (JsonNode one : environments) {
      table.row(
          Spoken.text(one.path("name")),
          Spoken.text(one.path("state")),
          Spoken.text(one.path("source")),
          spoken.age(one.path("data_time")),
          Spoken.text(one.path("sessions")),
          spoken.age(one.path("last_activity")),
          Spoken.text(one.path("owner")),
          end(spoken, one),
          one.path("label").asText(""));
    }
    return table;
  }

  static String end(Spoken spoken, JsonNode environment) {
    if (environment.path("protected").asBoolean()) {
      return "protected";
    }
    String end =
        spoken.until(
            Spoken.earlier(environment.path("expires_at"), environment.path("idle_drop_at")));
    return end.equals(Spoken.NOTHING) ? "never" : end;
  }

  private Table trash(List<JsonNode> trashed) {
    Spoken spoken = spoken();
    Table table = new Table("name", "reason", "since", "gone", "source", "owner", "label");
    for (JsonNode one : trashed) {
      table.row(
          Spoken.text(one.path("name")),
          Spoken.text(one.path("reason")),
          spoken.age(one.path("trashed_at")),
          spoken.until(one.path("gone_at")),
          Spoken.text(one.path("source")),
          Spoken.text(one.path("owner")),
          one.path("label").asText(""));
    }
    return table;
  }
}
