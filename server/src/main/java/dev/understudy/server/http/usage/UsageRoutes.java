package dev.understudy.server.http.usage;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.http.Call;
import dev.understudy.server.http.Page;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.UsageRow;
import java.util.List;

/** What environments have used, by day, role and pattern. */
public final class UsageRoutes {
  private static final String ALL = Route.ROOT + "/usage";

  private final UsageOperations operations;

  public UsageRoutes(UsageOperations operations) {
    this.operations = requireNonNull(operations, "operations is null");
  }

  public List<Route> all() {
    return List.of(Route.get(ALL, this::list, "from", "to", "limit", "cursor"));
  }

  private Reply list(Call call) {
    List<UsageRow> rows = operations.usage(call.actor(), call.day("from"), call.day("to"));
    return Page.reply(call, ALL, rows, UsageRoutes::key, UsageBody::of);
  }

  /** In the order of the rows; nobody comes before everybody. */
  private static String key(UsageRow row) {
    String role = row.party().role();
    return row.day() + "\0" + (role == null ? "" : "\1" + role) + "\0" + row.party().pattern();
  }
}
