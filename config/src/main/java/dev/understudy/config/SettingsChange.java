package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Settings that were written anew while a daemon runs, as far as it can go on with them.
 *
 * @param settings the new ones, with the running ones' values of all that only a restart changes;
 *     the sources are the running ones' too
 * @param waiting keys without {@code understudy.}, whose new values wait for a restart
 */
public record SettingsChange(Settings settings, List<String> waiting) {
  public SettingsChange {
    requireNonNull(settings, "settings is null");
    waiting = List.copyOf(waiting);
  }

  public static SettingsChange of(Settings running, Settings wanted) {
    List<String> waiting = new ArrayList<>();
    compare(waiting, "data-directory", running.dataDirectory(), wanted.dataDirectory());
    compare(waiting, "isolation", running.isolation(), wanted.isolation());
    compare(waiting, "run-as", running.runAs(), wanted.runAs());
    compare(
        waiting, "postgresql.binaries", running.postgresqlBinaries(), wanted.postgresqlBinaries());
    Settings settings =
        new Settings(
            running.dataDirectory(),
            running.isolation(),
            running.runAs(),
            listen(running.listen(), wanted.listen(), waiting),
            http(running.http(), wanted.http(), waiting),
            wanted.authentication(),
            wanted.allowMd5(),
            wanted.users(),
            wanted.scheduleTimezone(),
            sources(running.sources(), wanted.sources(), waiting),
            environments(running, wanted, waiting),
            wanted.limits(),
            wanted.minFree(),
            wanted.undropWindow(),
            running.postgresqlBinaries());
    return new SettingsChange(settings, waiting);
  }

  private static void compare(
      List<String> waiting, String key, @Nullable Object running, @Nullable Object wanted) {
    if (!Objects.equals(running, wanted)) {
      waiting.add(key);
    }
  }

  /** Whether TLS is asked for goes with the address: who listens to all must not lose it. */
  private static Listen listen(Listen running, Listen wanted, List<String> waiting) {
    compare(waiting, "listen.host", running.host(), wanted.host());
    compare(waiting, "listen.port", running.port(), wanted.port());
    boolean isElsewhere = !running.host().equals(wanted.host());
    if (isElsewhere) {
      compare(waiting, "listen.tls", running.tls(), wanted.tls());
    }
    return wanted.at(running.host(), running.port(), isElsewhere ? running.tls() : wanted.tls());
  }

  private static Http http(Http running, Http wanted, List<String> waiting) {
    compare(waiting, "http.enabled", running.enabled(), wanted.enabled());
    compare(waiting, "http.host", running.host(), wanted.host());
    compare(waiting, "http.port", running.port(), wanted.port());
    CertificateFiles before = running.tls();
    CertificateFiles after = wanted.tls();
    if (before == null || after == null) {
      compare(waiting, "http.tls.mode", before == null, after == null);
    } else {
      compare(waiting, "http.tls.certificate", before.certificate(), after.certificate());
      compare(waiting, "http.tls.private-key", before.privateKey(), after.privateKey());
    }
    return wanted.at(running);
  }

  private static Map<String, Source> sources(
      Map<String, Source> running, Map<String, Source> wanted, List<String> waiting) {
    Map<String, Source> sources = new LinkedHashMap<>();
    for (Source source : running.values()) {
      Source next = wanted.get(source.name());
      if (next == null) {
        waiting.add("sources." + source.name());
        sources.put(source.name(), source);
      } else {
        SourceKeys.changed(source.type(), next.type())
            .forEach(key -> waiting.add("sources.%s.%s".formatted(source.name(), key)));
        sources.put(source.name(), next.with(source.type()));
      }
    }
    wanted.keySet().stream()
        .filter(name -> !running.containsKey(name))
        .forEach(name -> waiting.add("sources." + name));
    return sources;
  }

  /** Those of a source that is not there yet are as they were before, or wait as a whole. */
  private static List<EnvironmentPolicy> environments(
      Settings running, Settings wanted, List<String> waiting) {
    List<EnvironmentPolicy> policies = new ArrayList<>();
    for (EnvironmentPolicy policy : wanted.environments()) {
      if (running.sources().containsKey(policy.source())) {
        policies.add(policy);
      } else {
        waiting.add("environments.\"%s\"".formatted(policy.pattern()));
        like(policy, running).ifPresent(policies::add);
      }
    }
    return policies;
  }

  private static Optional<EnvironmentPolicy> like(EnvironmentPolicy policy, Settings running) {
    return running.environments().stream()
        .filter(other -> other.pattern().equals(policy.pattern()))
        .findFirst();
  }
}
