package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientStatus;
import dev.understudy.proxy.client.ClientStatus.State;
import dev.understudy.proxy.client.ServerLink;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonOperations;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is shown of sessions, in PgBouncer's columns and then in ours. */
final class ClientViews {
  private static final String UNIX = "unix";
  private static final int NONE = 0;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final List<Column> SOCKET =
      List.of(
          Column.text("type"),
          Column.text("user"),
          Column.text("database"),
          Column.text("replication"),
          Column.text("state"),
          Column.text("addr"),
          Column.count("port"),
          Column.text("local_addr"),
          Column.count("local_port"),
          Column.text("connect_time"),
          Column.text("request_time"),
          Column.count("wait"),
          Column.count("wait_us"),
          Column.count("close_needed"),
          Column.text("ptr"),
          Column.text("link"),
          Column.count("remote_pid"),
          Column.text("tls"),
          Column.text("application_name"),
          Column.count("prepared_statements"),
          Column.number("id"));

  private final DaemonOperations daemon;

  ClientViews(DaemonOperations daemon) {
    this.daemon = requireNonNull(daemon, "daemon is null");
  }

  View<ClientStatus> clients(Actor actor) {
    return new View<>(
        and(
            SOCKET,
            Column.text("environment"),
            Column.text("role"),
            Column.number("bytes_received"),
            Column.number("bytes_sent")),
        () -> daemon.clients(actor),
        ClientViews::client);
  }

  private static List<Column> and(List<Column> columns, Column... ours) {
    return Stream.concat(columns.stream(), Stream.of(ours)).toList();
  }

  private static List<@Nullable Object> client(ClientStatus client) {
    ClientDescription description = client.description();
    ServerLink server = client.server();
    return ConsoleResult.row(
        "C",
        description.login(),
        database(description),
        lower(description.replication()),
        lower(client.state()),
        host(description.address()),
        port(description.address()),
        host(description.localAddress()),
        port(description.localAddress()),
        TIME.format(client.connectedAt()),
        TIME.format(client.requestedAt()),
        seconds(client.waiting()),
        micros(client.waiting()),
        NONE,
        "c" + client.id(),
        server == null ? "" : "s" + server.id(),
        NONE,
        description.tls(),
        description.applicationName(),
        NONE,
        client.id(),
        description.environment(),
        description.role(),
        client.totals().received(),
        client.totals().sent());
  }

  View<ClientStatus> servers(Actor actor) {
    return new View<>(
        and(SOCKET, Column.text("environment"), Column.text("socket")),
        () -> daemon.clients(actor).stream().filter(client -> client.server() != null).toList(),
        client -> server(client, requireNonNull(client.server(), "server is null")));
  }

  private static List<@Nullable Object> server(ClientStatus client, ServerLink server) {
    ClientDescription description = client.description();
    return ConsoleResult.row(
        "S",
        description.role(),
        database(description),
        lower(description.replication()),
        lower(client.state()),
        UNIX,
        NONE,
        UNIX,
        NONE,
        TIME.format(server.connectedAt()),
        TIME.format(latest(server.connectedAt(), client.requestedAt())),
        NONE,
        NONE,
        NONE,
        "s" + server.id(),
        "c" + client.id(),
        server.pid(),
        "",
        description.applicationName(),
        NONE,
        server.id(),
        description.environment(),
        server.socket().toString());
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  View<Pool> pools(Actor actor) {
    return new View<>(
        List.of(
            Column.text("database"),
            Column.text("user"),
            Column.count("cl_active"),
            Column.count("cl_waiting"),
            Column.count("cl_active_cancel_req"),
            Column.count("cl_waiting_cancel_req"),
            Column.count("sv_active"),
            Column.count("sv_active_cancel"),
            Column.count("sv_being_canceled"),
            Column.count("sv_idle"),
            Column.count("sv_used"),
            Column.count("sv_tested"),
            Column.count("sv_login"),
            Column.count("maxwait"),
            Column.count("maxwait_us"),
            Column.text("pool_mode"),
            Column.text("load_balance_hosts"),
            Column.text("environment"),
            Column.count("cl_idle"),
            Column.count("cl_parked")),
        () -> Pool.of(daemon.clients(actor)),
        pool ->
            ConsoleResult.row(
                pool.database(),
                pool.user(),
                pool.count(State.ACTIVE) + pool.count(State.IDLE),
                pool.count(State.WAITING),
                NONE,
                NONE,
                pool.servers(),
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                seconds(pool.longestWait()),
                micros(pool.longestWait()),
                "session",
                null,
                pool.environment(),
                pool.count(State.IDLE),
                pool.count(State.PARKED)));
  }

  /** As it can be connected to. */
  static String database(ClientDescription client) {
    return client.place().toString();
  }

  static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static String host(SocketAddress address) {
    return address instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : UNIX;
  }

  private static int port(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : NONE;
  }

  private static int seconds(Duration duration) {
    return (int) Math.min(duration.toSeconds(), Integer.MAX_VALUE);
  }

  private static int micros(Duration duration) {
    return duration.toNanosPart() / 1_000;
  }
}
