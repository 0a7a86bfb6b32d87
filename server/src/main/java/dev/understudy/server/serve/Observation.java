package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Settings;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.client.Clients;
import dev.understudy.server.metrics.Metrics;
import dev.understudy.server.operate.UsageOperations;
import dev.understudy.server.usage.Accounting;
import dev.understudy.server.usage.StorageReadings;
import java.util.function.Supplier;

/** What is counted and measured of one daemon while it runs. */
final class Observation implements AutoCloseable {
  private final Metrics metrics;
  private final StorageReadings storage;
  private final Accounting accounting;
  private final Clients clients;

  private Observation(Metrics metrics, StorageReadings storage, Accounting accounting) {
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.storage = requireNonNull(storage, "storage is null");
    this.accounting = requireNonNull(accounting, "accounting is null");
    this.clients = new Clients(metrics::patternOf);
  }

  /**
   * Begins.
   *
   * @param settings those of now
   * @param cloner stays open until this is closed
   */
  static Observation begin(Supplier<Settings> settings, Cloner cloner) {
    Metrics metrics = new Metrics(settings);
    StorageReadings storage = StorageReadings.begin(cloner);
    Observation begun =
        new Observation(
            metrics,
            storage,
            Accounting.begin(cloner, storage, metrics::patternOf, settings.get().dataDirectory()));
    metrics.watch(cloner, storage);
    metrics.watch(begun.clients);
    return begun;
  }

  /** The proxy is there, too. Once. */
  void watch(ProxyServer proxy) {
    metrics.watch(proxy);
  }

  Metrics metrics() {
    return metrics;
  }

  /** What environments take of the pool. */
  StorageReadings storage() {
    return storage;
  }

  /** What people can see of what was used. */
  UsageOperations usage() {
    return new UsageOperations(accounting);
  }

  /** Those of the proxy. */
  Clients clients() {
    return clients;
  }

  @Override
  public void close() {
    accounting.close();
    storage.close();
    metrics.close();
  }
}
