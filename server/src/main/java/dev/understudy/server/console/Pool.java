package dev.understudy.server.console;

import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientStatus;
import dev.understudy.proxy.client.ClientStatus.State;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one user in one database: what PgBouncer has a pool of servers for.
 *
 * @param clients at least one
 */
record Pool(List<ClientStatus> clients) {
  Pool {
    clients = List.copyOf(clients);
  }

  private record Key(String database, String user) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::database).thenComparing(Key::user);
  }

  /** By name of the database and of the user. */
  static List<Pool> of(List<ClientStatus> clients) {
    return clients.stream()
        .collect(
            Collectors.groupingBy(
                client ->
                    new Key(
                        ClientViews.database(client.description()), client.description().login()),
                () -> new TreeMap<>(Key.ORDER),
                Collectors.toList()))
        .values()
        .stream()
        .map(Pool::new)
        .toList();
  }

  private ClientDescription any() {
    return clients.getFirst().description();
  }

  String database() {
    return ClientViews.database(any());
  }

  String user() {
    return any().login();
  }

  @Nullable String environment() {
    return any().environment();
  }

  int count(State state) {
    return (int) clients.stream().filter(client -> client.state() == state).count();
  }

  int servers() {
    return (int) clients.stream().filter(client -> client.server() != null).count();
  }

  Duration longestWait() {
    return clients.stream()
        .map(ClientStatus::waiting)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }
}
