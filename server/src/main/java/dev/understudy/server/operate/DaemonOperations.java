package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.config.Setting;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsListing;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientStatus;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.client.DatabaseName;
import dev.understudy.proxy.client.DatabaseStatistics;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people can see of the daemon itself, and do to it. Everybody sees the sessions of their
 * role, and those in environments that belong to it; an administrator sees everything, and alone
 * does something. That leaves a line in the audit log. Thread-safe.
 *
 * <p>Futures are as those of {@link Operations}.
 */
public final class DaemonOperations {
  private static final String UNDEFINED_OBJECT = "42704";

  private static final CompletableFuture<@Nullable Void> DONE =
      CompletableFuture.completedFuture(null);

  /** What of the settings concerns everybody, and names nobody. */
  private static final List<String> OF_INTEREST_TO_ALL =
      List.of(
          "environments.",
          "limits.",
          "undrop-window",
          "schedule-timezone",
          "listen.max-connections",
          "listen.create-timeout",
          "listen.drain-timeout",
          "listen.tls.domain");

  private final Function<Actor, ? extends Collection<EnvironmentStatus>> environments;
  private final Clients clients;
  private final DaemonControl control;
  private final Supplier<Settings> settings;

  /**
   * Operations of one daemon.
   *
   * @param environments as {@link Operations#environments}
   * @param settings those of now
   */
  public DaemonOperations(
      Function<Actor, ? extends Collection<EnvironmentStatus>> environments,
      Clients clients,
      DaemonControl control,
      Supplier<Settings> settings) {
    this.environments = requireNonNull(environments, "environments is null");
    this.clients = requireNonNull(clients, "clients is null");
    this.control = requireNonNull(control, "control is null");
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** The sessions that the actor may see, those of the console too, by id. */
  public List<ClientStatus> clients(Actor actor) {
    if (actor.administrator()) {
      return clients.list();
    }
    Set<String> own = own(actor);
    return clients.list().stream()
        .filter(client -> isVisible(actor, client.description(), own))
        .toList();
  }

  private static boolean isVisible(Actor actor, ClientDescription client, Set<String> own) {
    return client.environment() == null
        ? client.login().equals(actor.login())
        : client.role().equals(actor.role()) || own.contains(client.environment());
  }

  private Set<String> own(Actor actor) {
    return environments.apply(actor).stream()
        .map(EnvironmentStatus::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What was counted of the databases that the actor may see, by name. */
  public List<DatabaseStatistics> statistics(Actor actor) {
    if (actor.administrator()) {
      return clients.statistics();
    }
    Set<String> own = own(actor);
    return clients.statistics().stream()
        .filter(statistics -> isOwn(statistics.name(), own))
        .toList();
  }

  private static boolean isOwn(DatabaseName name, Set<String> own) {
    return name.environment() != null && own.contains(name.environment());
  }

  /** The settings that the actor may see. */
  public List<Setting> settings(Actor actor) {
    return SettingsListing.of(settings.get()).stream()
        .filter(setting -> actor.administrator() || isOfInterestToAll(setting.key()))
        .toList();
  }

  private static boolean isOfInterestToAll(String key) {
    return OF_INTEREST_TO_ALL.stream()
            .anyMatch(known -> known.endsWith(".") ? key.startsWith(known) : key.equals(known))
        && !key.contains(".hooks.");
  }

  /** Logins of the settings; of others than administrators only the actor's own. */
  public List<String> users(Actor actor) {
    return settings.get().users().keySet().stream()
        .filter(login -> actor.administrator() || login.equals(actor.login()))
        .sorted()
        .toList();
  }

  /** Sessions that may be open at a time. */
  public int maxConnections() {
    return settings.get().listen().maxConnections();
  }

  /** Connections that are being authenticated, of whomever. */
  public int logins(Actor actor) {
    return actor.administrator() ? control.logins() : 0;
  }

  /** Takes up the settings file anew, all of it or nothing. For administrators. */
  public CompletableFuture<Reloaded> reload(Actor actor) {
    return Audited.run(
        actor,
        "RELOAD",
        "",
        () -> {
          Rights.requireAdministrator(actor, "reload the settings");
          return CompletableFuture.supplyAsync(
              control::reload, task -> Thread.ofVirtual().name("reload").start(task));
        });
  }

  /**
   * Ends a session a moment later: at once if it is idle, else when what it does could be
   * cancelled, and in any case soon. For administrators.
   */
  public CompletableFuture<Void> killClient(Actor actor, long id) {
    return Audited.run(
        actor,
        "KILL_CLIENT",
        Long.toString(id),
        () -> {
          Rights.requireAdministrator(actor, "end somebody's session");
          if (!clients.kill(id)) {
            throw OperationException.of(
                UNDEFINED_OBJECT,
                "there is no session " + id,
                null,
                "SHOW CLIENTS lists those that there are, with the id of each.");
          }
          return DONE;
        });
  }

  /** Begins to end the daemon; clones' servers go on running. For administrators. */
  public CompletableFuture<Void> shutdown(Actor actor, ShutdownMode mode) {
    return Audited.run(
        actor,
        "SHUTDOWN",
        mode.name().toLowerCase(Locale.ROOT),
        () -> {
          Rights.requireAdministrator(actor, "end the daemon");
          control.shutdown(mode);
          return DONE;
        });
  }
}
