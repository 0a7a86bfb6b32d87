package dev.understudy.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleStatement;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonControl;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.Reloaded;
import dev.understudy.server.operate.ShutdownMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The columns that scripts for PgBouncer read, by name. */
class ClientViewsTest {
  private static final Actor ROOT = new Actor("root", "postgres", true, "test", "here");

  private final Clients clients = new Clients(_ -> "pr-*");
  private final DaemonOperations operations =
      new DaemonOperations(
          _ -> List.of(),
          clients,
          new NoControl(),
          () -> {
            throw new AssertionError("no settings are shown");
          });
  private final ClientViews views = new ClientViews(operations);

  private static final class NoControl implements DaemonControl {
    @Override
    public Reloaded reload() {
      throw new AssertionError("nobody asked");
    }

    @Override
    public void shutdown(ShutdownMode mode) {
      throw new AssertionError("nobody asked");
    }

    @Override
    public int logins() {
      return 0;
    }
  }

  @Test
  void showsClientsAndTheirServers() throws Exception {
    Client client = enter("app", "pr-1");
    client.linked(Path.of("/run/u/.s.PGSQL.5432"), 42);
    client.traffic().quiet(true);
    client.traffic().sent(5);
    enter("app", "pr-2");

    List<Map<String, @Nullable Object>> rows = rows(views.clients(ROOT));
    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst())
        .containsEntry("type", "C")
        .containsEntry("user", "app")
        .containsEntry("database", "shop@pr-1")
        .containsEntry("environment", "pr-1")
        .containsEntry("replication", "logical")
        .containsEntry("state", "idle")
        .containsEntry("addr", "192.0.2.7")
        .containsEntry("port", 5)
        .containsEntry("local_port", 6432)
        .containsEntry("wait", 0)
        .containsEntry("tls", "TLSv1.3/X")
        .containsEntry("application_name", "psql")
        .containsEntry("bytes_sent", 5L);
    assertThat(String.valueOf(rows.getFirst().get("connect_time")))
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC");
    assertThat(rows.getLast()).containsEntry("state", "waiting").containsEntry("link", "");

    List<Map<String, @Nullable Object>> servers = rows(views.servers(ROOT));
    assertThat(servers).hasSize(1);
    assertThat(servers.getFirst())
        .containsEntry("type", "S")
        .containsEntry("addr", "unix")
        .containsEntry("remote_pid", 42)
        .containsEntry("socket", "/run/u/.s.PGSQL.5432")
        .containsEntry("ptr", rows.getFirst().get("link"))
        .containsEntry("link", rows.getFirst().get("ptr"));
  }

  @Test
  void showsPoolsByDatabaseAndUser() throws Exception {
    enter("app", "pr-1").linked(Path.of("/s"), 1);
    Client idle = enter("app", "pr-1");
    idle.linked(Path.of("/s"), 2);
    idle.traffic().quiet(true);
    Client parked = enter("app", "pr-1");
    parked.linked(Path.of("/s"), 3);
    parked.parked();
    enter("app", "pr-1");
    enter("ops", "pr-1").linked(Path.of("/s"), 4);

    List<Map<String, @Nullable Object>> pools = rows(views.pools(ROOT));
    assertThat(pools).hasSize(2);
    assertThat(pools.getFirst())
        .containsEntry("database", "shop@pr-1")
        .containsEntry("user", "app")
        .containsEntry("cl_active", 2)
        .containsEntry("cl_waiting", 1)
        .containsEntry("sv_active", 2)
        .containsEntry("sv_idle", 0)
        .containsEntry("pool_mode", "session")
        .containsEntry("cl_idle", 1)
        .containsEntry("cl_parked", 1);
    assertThat(pools.getLast()).containsEntry("user", "ops").containsEntry("maxwait", 0);
  }

  @Test
  void showsWhatHasPassedInPgbouncersColumns() throws Exception {
    Client client = enter("app", "pr-1");
    client.linked(Path.of("/s"), 1);
    client.traffic().received(10, 0);
    client.traffic().sent(20);
    StatisticsViews statistics = new StatisticsViews(operations);

    Map<String, @Nullable Object> whole = rows(statistics.whole(ROOT)).getFirst();
    assertThat(whole)
        .hasSize(25)
        .containsEntry("database", "shop@pr-1")
        .containsEntry("total_received", 10L)
        .containsEntry("total_sent", 20L)
        .containsEntry("total_server_assignment_count", 1L)
        .containsEntry("total_client_login_count", 1L)
        .containsEntry("total_query_count", 0L)
        .containsKeys("avg_recv", "avg_sent", "avg_wait_time", "avg_client_login_count");
    assertThat(rows(statistics.totals(ROOT)).getFirst())
        .containsEntry("bytes_received", 10L)
        .containsEntry("client_login_count", 1L)
        .containsKeys("xact_count", "wait_time", "server_parse_count", "bind_count");
    assertThat(rows(statistics.averages(ROOT)).getFirst())
        .containsKeys("bytes_received", "wait_time", "avg_bind_count", "avg_client_login_count");
    assertThat(rows(statistics.sums(ROOT)))
        .hasSize(24)
        .contains(Map.of("name", "total_client_bytes", "value", 10L));
  }

  private Client enter(String login, String environment) {
    return clients.begin(
        new ClientDescription(
            login,
            "role",
            "shop",
            environment,
            Replication.LOGICAL,
            "psql",
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 5),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6432),
            "TLSv1.3/X"),
        () -> {});
  }

  private static List<Map<String, @Nullable Object>> rows(ConsoleStatement statement)
      throws Exception {
    List<Column> columns = statement.columns();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<@Nullable Object> values : statement.execute().get(10, TimeUnit.SECONDS).rows()) {
      assertThat(values).hasSameSizeAs(columns);
      Map<String, @Nullable Object> row = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i).name(), values.get(i));
      }
      rows.add(row);
    }
    return rows;
  }
}
