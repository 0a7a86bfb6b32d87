package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Settings;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.client.Clients;
import dev.understudy.server.metrics.Metrics;
import dev.understudy.server.usage.StorageReadings;
import java.util.function.Supplier;

/** What is counted and measured of one daemon while it runs. */
final class Observation implements AutoCloseable {
  private final Metrics metrics;
  private final StorageReadings storage;
  private final Clients clients;

  private Observation(Metrics metrics, StorageReadings storage) {
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.storage = requireNonNull(storage, "storage is null");
    this.clients = new Clients(metrics::patternOf);
  }

  /**
   * Begins.
   *
   * @param settings those of now
   * @param cloner stays open until this is closed
   */
  static Observation begin(Supplier<Settings> settings, Cloner cloner) {
    Observation begun = new Observation(new Metrics(settings), StorageReadings.begin(cloner));
    begun.metrics.watch(cloner, begun.storage);
    begun.metrics.watch(begun.clients);
    return begun;
  }

  /** The proxy is there, too. Once. */
  void watch(ProxyServer proxy) {
    metrics.watch(proxy);
  }

  Metrics metrics() {
    return metrics;
  }

  /** Those of the proxy. */
  Clients clients() {
    return clients;
  }

  @Override
  public void close() {
    storage.close();
    metrics.close();
  }
}
