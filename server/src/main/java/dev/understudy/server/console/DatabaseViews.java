package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Setting;
import dev.understudy.proxy.client.ClientStatus;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.DaemonOperations;
import dev.understudy.server.operate.Operations;
import dev.understudy.server.operate.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is shown of the whole, in PgBouncer's columns and then in ours. */
final class DatabaseViews {
  /** Of all servers: they listen to unix sockets alone. */
  private static final int SERVER_PORT = 5432;

  private static final int UNLIMITED = 0;

  private final Cloner cloner;
  private final Operations operations;
  private final DaemonOperations daemon;

  DatabaseViews(Cloner cloner, Operations operations, DaemonOperations daemon) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.operations = requireNonNull(operations, "operations is null");
    this.daemon = requireNonNull(daemon, "daemon is null");
  }

  /**
   * A database of an environment, and who is connected to it.
   *
   * @param name without the environment
   */
  private record Database(String name, EnvironmentStatus environment, List<ClientStatus> clients) {
    Database {
      clients = List.copyOf(clients);
    }
  }

  View<?> databases(Actor actor) {
    return new View<>(
        List.of(
            Column.text("name"),
            Column.text("host"),
            Column.count("port"),
            Column.text("database"),
            Column.text("force_user"),
            Column.count("pool_size"),
            Column.count("min_pool_size"),
            Column.count("reserve_pool_size"),
            Column.count("server_lifetime"),
            Column.text("pool_mode"),
            Column.text("load_balance_hosts"),
            Column.count("max_connections"),
            Column.count("current_connections"),
            Column.count("max_client_connections"),
            Column.count("current_client_connections"),
            Column.count("paused"),
            Column.count("disabled"),
            Column.text("environment"),
            Column.text("source"),
            Column.text("state"),
            Column.text("owner")),
        () -> all(actor),
        this::row);
  }

  private List<@Nullable Object> row(Database database) {
    EnvironmentStatus environment = database.environment();
    return ConsoleResult.row(
        database.name() + "@" + environment.name(),
        null,
        SERVER_PORT,
        database.name(),
        null,
        daemon.maxConnections(),
        0,
        0,
        0,
        null,
        null,
        UNLIMITED,
        (int) database.clients().stream().filter(client -> client.server() != null).count(),
        UNLIMITED,
        database.clients().size(),
        0,
        0,
        environment.name(),
        environment.source(),
        Vocabulary.state(environment),
        environment.owner());
  }

  /** Those of the source's newest snapshot, and others that somebody is connected to. */
  private List<Database> all(Actor actor) {
    List<ClientStatus> clients = daemon.clients(actor);
    List<Database> all = new ArrayList<>();
    for (EnvironmentStatus environment : operations.environments(actor)) {
      List<ClientStatus> here =
          clients.stream()
              .filter(client -> environment.name().equals(client.description().environment()))
              .toList();
      Set<String> names = new TreeSet<>(ofSource(environment.source()));
      here.forEach(client -> names.add(client.description().database()));
      for (String name : names) {
        all.add(
            new Database(
                name,
                environment,
                here.stream()
                    .filter(client -> client.description().database().equals(name))
                    .toList()));
      }
    }
    return all;
  }

  private Set<String> ofSource(String source) {
    List<Snapshot> snapshots = cloner.snapshots(source);
    return snapshots.isEmpty()
        ? Set.of()
        : snapshots.getFirst().databases().stream()
            .filter(database -> database.allowsConnections() && !database.template())
            .map(Snapshot.Database::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** How many of something there are. */
  private record Count(String list, int items) {}

  View<?> lists(Actor actor) {
    return new View<>(
        List.of(Column.text("list"), Column.count("items")),
        () -> counts(actor),
        count -> ConsoleResult.row(count.list(), count.items()));
  }

  private List<Count> counts(Actor actor) {
    List<ClientStatus> clients = daemon.clients(actor);
    return List.of(
        new Count("databases", all(actor).size()),
        new Count("users", logins(actor, clients).size()),
        new Count("peers", 0),
        new Count("pools", Pool.of(clients).size()),
        new Count("peer_pools", 0),
        new Count("free_clients", 0),
        new Count("used_clients", clients.size()),
        new Count("login_clients", daemon.logins(actor)),
        new Count("free_servers", 0),
        new Count(
            "used_servers",
            (int) clients.stream().filter(client -> client.server() != null).count()),
        new Count("dns_names", 0),
        new Count("dns_zones", 0),
        new Count("dns_queries", 0),
        new Count("dns_pending", 0),
        new Count("environments", operations.environments(actor).size()));
  }

  /** Users of the settings, and whoever is connected. */
  private Set<String> logins(Actor actor, List<ClientStatus> clients) {
    return Stream.concat(
            daemon.users(actor).stream(),
            clients.stream().map(client -> client.description().login()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * A login and its sessions.
   *
   * @param sessions that the actor may see
   */
  private record Login(String name, List<ClientStatus> sessions) {
    Login {
      sessions = List.copyOf(sessions);
    }
  }

  View<?> users(Actor actor) {
    return new View<>(
        List.of(
            Column.text("name"),
            Column.text("pool_size"),
            Column.text("reserve_pool_size"),
            Column.text("pool_mode"),
            Column.count("max_user_connections"),
            Column.count("current_connections"),
            Column.count("max_user_client_connections"),
            Column.count("current_client_connections")),
        () -> {
          List<ClientStatus> clients = daemon.clients(actor);
          return logins(actor, clients).stream()
              .map(login ->
                  new Login(
                      login,
                      clients.stream()
                          .filter(client -> client.description().login().equals(login))
                          .toList()))
              .toList();
        },
        login ->
            ConsoleResult.row(
                login.name(),
                "",
                "",
                null,
                UNLIMITED,
                (int) login.sessions().stream().filter(client -> client.server() != null).count(),
                UNLIMITED,
                login.sessions().size()));
  }

  View<?> settings(Actor actor) {
    return new View<>(
        List.of(
            Column.text("key"),
            Column.text("value"),
            Column.text("default"),
            Column.text("changeable")),
        () -> Stream.concat(daemon.settings(actor).stream(), inPgbouncersWords()).toList(),
        setting ->
            ConsoleResult.row(
                setting.key(),
                setting.value(),
                setting.otherwise(),
                setting.changeable() ? "yes" : "no"));
  }

  /**
   * What its exporters look for; of one user's connections to servers 0, that there is no limit.
   */
  private Stream<Setting> inPgbouncersWords() {
    return Stream.of(
        new Setting("max_client_conn", Integer.toString(daemon.maxConnections()), "1000", true),
        new Setting("max_user_connections", "0", "0", false));
  }
}
