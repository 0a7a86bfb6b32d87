package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.proxy.environment.ConnectTimings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How connections find their environments, and how long they wait. Labels are patterns, never names
 * of environments: there may be thousands of those. Cheap; any thread.
 */
public final class OpenMeters {
  /** From a session on a running server to the copy of a large production without shared blocks. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1)
  };

  /**
   * What somebody has to do something about: deploy/prometheus-alerts.yml has an alert for each.
   */
  private static final List<String> ALARMING = List.of("53100", "53400", "58000");

  private final MeterRegistry registry;
  private final UnaryOperator<String> patternOf;

  /**
   * Meters of a registry.
   *
   * @param patternOf that covers an environment; cheap
   */
  public OpenMeters(MeterRegistry registry, UnaryOperator<String> patternOf) {
    this.registry = requireNonNull(registry, "registry is null");
    this.patternOf = requireNonNull(patternOf, "patternOf is null");
  }

  /**
   * A session on an environment was opened.
   *
   * @param creation how long making it took; null if this wait made nothing
   * @param start how long starting the server took that was there; null if this wait started none
   * @param wait from the request on
   */
  public void opened(
      String environment,
      OpenKind kind,
      @Nullable CreationTimings creation,
      @Nullable Duration start,
      Duration wait) {
    counter("understudy.sessions.opened", "Sessions on environments that began", environment)
        .increment();
    Timer.builder("understudy.open")
        .description("From the login until the environment's server runs")
        .tag("kind", kind.label())
        .tag("pattern", patternOf.apply(environment))
        .serviceLevelObjectives(BOUNDS)
        .register(registry)
        .record(wait);
    if (kind == OpenKind.CREATED && creation != null) {
      phase(kind, "copy", creation.copy());
      phase(kind, "configure", creation.configure());
      phase(kind, "start", creation.start());
    }
    if (start != null) {
      phase(kind, "start", start);
    }
  }

  /** A session that was {@link #opened} begins: its client and its server have found each other. */
  public void connected(OpenKind kind, ConnectTimings timings) {
    phase(kind, "authenticate", timings.authenticate());
    phase(kind, "connect", timings.connect());
  }

  /** A session that was {@link #opened} has ended. */
  public void closed(String environment) {
    counter("understudy.sessions.closed", "Sessions on environments that ended", environment)
        .increment();
  }

  /**
   * An environment could not be opened.
   *
   * @param sqlState that the client was told
   */
  public void refused(String environment, String sqlState) {
    refusals(patternOf.apply(environment), sqlState).increment();
  }

  /**
   * Shows refusals that alerts wait for from the beginning, as none: the first could not be told
   * from many of long ago. Does nothing where they are shown already.
   *
   * @param patterns of the settings
   */
  void expectRefusals(Collection<String> patterns) {
    for (String pattern : patterns) {
      ALARMING.forEach(sqlState -> refusals(pattern, sqlState));
    }
  }

  private Counter refusals(String pattern, String sqlState) {
    return Counter.builder("understudy.opens.refused")
        .description("Logins whose environment could not be opened, by what they were told")
        .tag("pattern", pattern)
        .tag("sqlstate", sqlState)
        .register(registry);
  }

  private Counter counter(String name, String description, String environment) {
    return Counter.builder(name)
        .description(description)
        .tag("pattern", patternOf.apply(environment))
        .register(registry);
  }

  private void phase(OpenKind kind, String phase, Duration took) {
    Timer.builder("understudy.connect.phase")
        .description("Phases of a connect that somebody waited for")
        .tag("kind", kind.label())
        .tag("phase", phase)
        .serviceLevelObjectives(BOUNDS)
        .register(registry)
        .record(took);
  }
}
