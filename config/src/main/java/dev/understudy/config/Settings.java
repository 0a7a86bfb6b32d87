package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All settings of one daemon. A value of this type has been validated as a whole: every source that
 * an environment names exists, every name and number is within its bounds.
 *
 * @param dataDirectory absolute; holds pool, state, sockets and logs
 * @param runAs user name or uid that clones run as when the daemon is root; null: {@code
 *     understudy-clone} if that user exists, else one unused uid, chosen once and recorded
 * @param authentication whose passwords are taken, in this order; never empty
 * @param users by login name
 * @param scheduleTimezone that schedules are read in
 * @param sources by name, in the order of the file
 * @param environments in the order of the file
 * @param limits of all environments together
 * @param minFree of the pool: with less, no clone and no snapshot is begun
 * @param undropWindow how long what was dropped can be had back; zero: not at all
 * @param postgresqlBinaries installations to use before those at the usual places; each is a
 *     directory whose {@code bin/} holds {@code postgres}; absolute
 */
public record Settings(
    Path dataDirectory,
    Isolation isolation,
    @Nullable String runAs,
    Listen listen,
    Http http,
    List<CredentialSource> authentication,
    boolean allowMd5,
    Map<String, User> users,
    ZoneId scheduleTimezone,
    Map<String, Source> sources,
    List<EnvironmentPolicy> environments,
    Limits limits,
    MinFree minFree,
    Duration undropWindow,
    List<Path> postgresqlBinaries) {

  public static final Duration UNDROP_WINDOW = Duration.ofHours(24);

  public Settings {
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(isolation, "isolation is null");
    requireNonNull(listen, "listen is null");
    requireNonNull(http, "http is null");
    authentication = List.copyOf(authentication);
    users = Map.copyOf(users);
    requireNonNull(scheduleTimezone, "scheduleTimezone is null");
    sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    environments = List.copyOf(environments);
    requireNonNull(limits, "limits is null");
    requireNonNull(minFree, "minFree is null");
    requireNonNull(undropWindow, "undropWindow is null");
    postgresqlBinaries = List.copyOf(postgresqlBinaries);
  }

  /** With the usual HTTP API. */
  public Settings(
      Path dataDirectory,
      Isolation isolation,
      @Nullable String runAs,
      Listen listen,
      List<CredentialSource> authentication,
      boolean allowMd5,
      Map<String, User> users,
      ZoneId scheduleTimezone,
      Map<String, Source> sources,
      List<EnvironmentPolicy> environments,
      Limits limits,
      MinFree minFree,
      Duration undropWindow,
      List<Path> postgresqlBinaries) {
    this(
        dataDirectory,
        isolation,
        runAs,
        listen,
        Http.DEFAULT,
        authentication,
        allowMd5,
        users,
        scheduleTimezone,
        sources,
        environments,
        limits,
        minFree,
        undropWindow,
        postgresqlBinaries);
  }

  /** With the usual room left free, and what is dropped kept for the usual time. */
  public Settings(
      Path dataDirectory,
      Isolation isolation,
      @Nullable String runAs,
      Listen listen,
      List<CredentialSource> authentication,
      boolean allowMd5,
      Map<String, User> users,
      ZoneId scheduleTimezone,
      Map<String, Source> sources,
      List<EnvironmentPolicy> environments,
      Limits limits,
      List<Path> postgresqlBinaries) {
    this(
        dataDirectory,
        isolation,
        runAs,
        listen,
        authentication,
        allowMd5,
        users,
        scheduleTimezone,
        sources,
        environments,
        limits,
        MinFree.DEFAULT,
        UNDROP_WINDOW,
        postgresqlBinaries);
  }

  /** Whether clones may run where the host cannot isolate them. */
  public enum Isolation {
    REQUIRED,
    NONE
  }

  /** Whose passwords open the door. */
  public enum CredentialSource {
    /** {@code users} of the settings. */
    USERS,
    /** The roles of the source, as recorded with its newest snapshot. */
    PRODUCTION
  }

  /** As {@link EnvironmentPolicy#covering}. */
  public Optional<EnvironmentPolicy> policyOf(String environment) {
    return EnvironmentPolicy.covering(environment, environments);
  }
}
