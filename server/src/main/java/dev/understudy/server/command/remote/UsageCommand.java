package dev.understudy.server.command.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Spoken;
import dev.understudy.server.client.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code understudy usage}. */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "Lists what environments have used, by day, role and pattern.")
public final class UsageCommand extends RemoteCommand {
  private static final double SECONDS_PER_HOUR = 3600;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "the first day, in UTC, as 2026-01-31; without it thirty days are listed")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "the last day; without it today")
  private @Nullable LocalDate to;

  @Override
  int run(ApiClient api) throws Exception {
    List<String> parameters = new ArrayList<>();
    if (from != null) {
      parameters.add("from=" + from);
    }
    if (to != null) {
      parameters.add("to=" + to);
    }
    List<JsonNode> rows =
        api.list(parameters.isEmpty() ? "/usage" : "/usage?" + String.join("&", parameters));
    Table table = new Table("day", "role", "pattern", "running", "cpu", "private peak");
    for (JsonNode one : rows) {
      table.row(
          Spoken.text(one.path("day")),
          Spoken.text(one.path("role")),
          Spoken.text(one.path("pattern")),
          hours(one.path("running_seconds")),
          seconds(one.path("cpu_seconds")),
          Spoken.size(one.path("private_bytes_peak")));
    }
    return tell(rows, table);
  }

  private static String hours(JsonNode seconds) {
    return String.format(Locale.ROOT, "%.1fh", seconds.asDouble() / SECONDS_PER_HOUR);
  }

  private static String seconds(JsonNode seconds) {
    return String.format(Locale.ROOT, "%.1fs", seconds.asDouble());
  }
}
