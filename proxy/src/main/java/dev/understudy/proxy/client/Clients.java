package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * All sessions of one proxy, and what was counted of those that have ended. Thread-safe; nothing of
 * it is asked or told while bytes pass.
 */
public final class Clients {
  /** Environments come and go for as long as a daemon runs; those used last are remembered. */
  private static final int MOST_DATABASES = 10_000;

  private final Function<String, String> groupOf;
  private final LongSupplier nanoTime;
  private final int mostDatabases;
  private final AtomicLong ids = new AtomicLong();
  private final ConcurrentMap<Long, Client> open = new ConcurrentHashMap<>();

  /** The one that was connected to last is the last. */
  private final Map<DatabaseName, DatabaseCounters> databases = new LinkedHashMap<>();

  private final ConcurrentMap<String, DatabaseCounters> groups = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> refusals = new ConcurrentHashMap<>();
  private long olderNanos;
  private long newerNanos;

  /**
   * Nobody is connected yet.
   *
   * @param groupOf what an environment is counted by, beside its name, and for ever; asked when a
   *     session begins. Few, and cheap
   */
  public Clients(Function<String, String> groupOf) {
    this(groupOf, System::nanoTime, MOST_DATABASES);
  }

  Clients(Function<String, String> groupOf, LongSupplier nanoTime, int mostDatabases) {
    this.groupOf = requireNonNull(groupOf, "groupOf is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.mostDatabases = mostDatabases;
    this.olderNanos = nanoTime.getAsLong();
    this.newerNanos = olderNanos;
  }

  /**
   * A session begins. To be told of its end by {@link Client#ended}.
   *
   * @param kill ends the session; any thread, returns at once, does nothing once it has ended
   */
  public Client begin(ClientDescription description, Runnable kill) {
    Client client = new Client(nextId(), description, group(description), this, kill);
    synchronized (this) {
      DatabaseName name = description.place();
      DatabaseCounters counters = databases.remove(name);
      if (counters == null) {
        makeRoom();
        counters = new DatabaseCounters();
      }
      databases.put(name, counters);
      counters.begun(client);
    }
    client.group().begun(client);
    open.put(client.id(), client);
    return client;
  }

  /** The console's belongs to none that is told of. */
  private DatabaseCounters group(ClientDescription description) {
    String environment = description.environment();
    return environment == null
        ? new DatabaseCounters()
        : groups.computeIfAbsent(groupOf.apply(environment), _ -> new DatabaseCounters());
  }

  private void makeRoom() {
    Iterator<DatabaseCounters> eldest = databases.values().iterator();
    while (databases.size() >= mostDatabases && eldest.hasNext()) {
      if (eldest.next().isUnused()) {
        eldest.remove();
      }
    }
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  void ended(Client client) {
    open.remove(client.id());
    client.group().ended(client);
    synchronized (this) {
      DatabaseCounters counters = databases.get(client.description().place());
      if (counters != null) {
        counters.ended(client);
      }
    }
  }

  /** Those that are connected, in the order in which they came. */
  public List<ClientStatus> list() {
    return open.values().stream()
        .map(Client::status)
        .sorted(Comparator.comparingLong(ClientStatus::id))
        .toList();
  }

  /**
   * Has a session end, which it does a moment later.
   *
   * @return false if there is none of that id
   */
  public boolean kill(long id) {
    Client client = open.get(id);
    if (client == null) {
      return false;
    }
    client.kill();
    return true;
  }

  /** Of each database of an environment that somebody has connected to. */
  public synchronized List<DatabaseStatistics> statistics() {
    Duration period = Duration.ofNanos(nanoTime.getAsLong() - olderNanos);
    return databases.entrySet().stream()
        .map(entry ->
            new DatabaseStatistics(
                entry.getKey(), entry.getValue().totals(), entry.getValue().recent(), period))
        .sorted(Comparator.comparing(statistics -> statistics.name().toString()))
        .toList();
  }

  /**
   * Of each group of environments that somebody has connected to. No number of it ever becomes
   * less.
   */
  public Map<String, Totals> groups() {
    return groups.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, group -> group.getValue().totals()));
  }

  /** Somebody was turned away before there was a session. */
  public void refused(ErrorResponse refusal) {
    refusals.computeIfAbsent(String.valueOf(refusal.sqlState()), _ -> new LongAdder()).increment();
  }

  /** How many were turned away before there was a session, by SQLSTATE. */
  public Map<String, Long> refusals() {
    return refusals.entrySet().stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, count -> count.getValue().sum()));
  }

  /** To be called once a minute: averages are of the last whole period and the one that runs. */
  public synchronized void turnPeriod() {
    olderNanos = newerNanos;
    newerNanos = nanoTime.getAsLong();
    databases.values().forEach(DatabaseCounters::turn);
  }
}
