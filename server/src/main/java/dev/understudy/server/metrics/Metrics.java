package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.config.Settings;
import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.client.Clients;
import dev.understudy.server.usage.StorageReadings;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All meters of a daemon. Thread-safe. */
public final class Metrics implements AutoCloseable {
  /** For environments whose pattern has left the settings. */
  private static final String NO_PATTERN = "none";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Supplier<Settings> settings;
  private final OpenMeters opens = new OpenMeters(registry, this::patternOf);
  private final List<Runnable> looks = new ArrayList<>();

  /**
   * Meters that nobody has counted on yet.
   *
   * @param settings those of now
   */
  public Metrics(Supplier<Settings> settings) {
    this.settings = requireNonNull(settings, "settings is null");
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Lets what there is be looked at, for each scrape. Once. */
  public synchronized void watch(Cloner cloner, StorageReadings storage) {
    Supplier<Set<String>> sources = () -> settings.get().sources().keySet();
    looks.add(new StateMeters(registry, cloner, this::patternOf)::look);
    looks.add(
        new SourceMeters(registry, sources, cloner::snapshots, cloner::lag, cloner::spares)::look);
    looks.add(new SnapshotMeters(registry, sources, cloner::cutStatistics)::look);
    looks.add(new StorageMeters(registry, cloner::environments, storage, this::patternOf)::look);
  }

  /**
   * Lets what passes be looked at, for each scrape. Once.
   *
   * @param clients grouped by {@link #patternOf}
   */
  public synchronized void watch(Clients clients) {
    looks.add(new RelayMeters(registry, clients)::look);
  }

  /**
   * Lets who is turned away by the HTTP API be looked at, for each scrape. Once.
   *
   * @param refused requests by status, since the start
   */
  public synchronized void watchHttp(Supplier<Map<Integer, Long>> refused) {
    looks.add(new HttpMeters(registry, refused)::look);
  }

  /** Lets how the proxy keeps up be asked, at each scrape. Once. */
  public void watch(ProxyServer proxy) {
    ProxyMeters.bind(registry, proxy);
  }

  public OpenMeters opens() {
    return opens;
  }

  /**
   * All meters as they are now. Looks at all environments and sessions; some milliseconds for a
   * thousand.
   *
   * @param accepted of a request's {@code Accept}; the text format of Prometheus, or OpenMetrics
   *     where that is wanted
   */
  public synchronized String scrape(@Nullable String accepted) {
    opens.expectRefusals(
        settings.get().environments().stream().map(policy -> policy.pattern().toString()).toList());
    looks.forEach(Runnable::run);
    return registry.scrape(contentType(accepted));
  }

  /** Of {@link #scrape}. */
  public static String contentType(@Nullable String accepted) {
    return accepted != null && accepted.contains("application/openmetrics-text")
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
  }

  /** What environments are counted by: the pattern of the settings of now that covers one. */
  public String patternOf(String environment) {
    return settings
        .get()
        .policyOf(environment)
        .map(policy -> policy.pattern().toString())
        .orElse(NO_PATTERN);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
