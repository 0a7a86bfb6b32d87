package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CloneRole;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.proxy.authenticate.Credentials;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings' users and production's roles, in the order of the settings. The first that knows a
 * login decides: a user of the settings is never let in by the password of production's role.
 *
 * <p>For an environment that exists production's roles are those that its clone has. A role whose
 * password was set there is that environment's alone. One whose password was left alone is still
 * production's: the newest snapshot has its verifier, and both must let it in. A superuser of a
 * clone, who can make roles there and give them passwords, so decides who gets into that
 * environment, and into nothing else: never as a user of the settings.
 */
final class StoredCredentials implements Credentials {
  private final Supplier<Catalog> catalog;
  private final Function<String, Optional<CloneRoles>> clones;
  private volatile Known known;

  /**
   * As the settings have it.
   *
   * @param clones the roles of an environment's own, by its name; asked at each login
   */
  StoredCredentials(
      Settings settings, Supplier<Catalog> catalog, Function<String, Optional<CloneRoles>> clones) {
    this.clones = requireNonNull(clones, "clones is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.known = Known.of(settings, new Known(List.of(), Map.of(), Map.of()));
  }

  /**
   * Derives what is needed for the logins of other settings. Nothing has changed when this returns.
   *
   * @return to be run to take those logins from then on
   */
  Runnable prepare(Settings next) {
    Known prepared = Known.of(next, known);
    return () -> known = prepared;
  }

  /**
   * What settings say. Verifiers are derived from plain passwords: a login must not wait for it.
   */
  private record Known(
      List<CredentialSource> order, Map<String, User> users, Map<String, Credential> credentials) {

    /**
     * A password that stays keeps its salt: one that changes tells a plain password from others.
     */
    static Known of(Settings settings, Known before) {
      Map<String, Credential> credentials = new HashMap<>();
      settings
          .users()
          .forEach((name, user) -> {
            Credential derived =
                user.equals(before.users.get(name)) ? before.credentials.get(name) : null;
            credentials.put(name, derived == null ? credential(user) : derived);
          });
      return new Known(settings.authentication(), settings.users(), Map.copyOf(credentials));
    }
  }

  @Override
  public Optional<Credential> find(String login, String source, String environment) {
    Known now = known;
    return now.order().stream()
        .flatMap(kind -> find(now, kind, login, source, environment).stream())
        .findFirst();
  }

  private Optional<Credential> find(
      Known now, CredentialSource kind, String login, String source, String environment) {
    return switch (kind) {
      case USERS -> Optional.ofNullable(now.credentials().get(login));
      case PRODUCTION -> {
        Optional<CloneRoles> own =
            environment.isEmpty() || now.users().containsKey(login)
                ? Optional.empty()
                : clones.apply(environment);
        yield own.isPresent() ? ofClone(own.get(), login) : ofProduction(source, login);
      }
    };
  }

  private Optional<Credential> ofProduction(String source, String login) {
    return catalog.get().role(source, login).map(StoredCredentials::credential);
  }

  private Optional<Credential> ofClone(CloneRoles roles, String login) {
    Optional<CloneRole> found = roles.role(login);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    CloneRole role = found.get();
    return role.untouched()
        ? ofProduction(roles.source(), login).map(productions -> ofBoth(productions, role))
        : Optional.of(
            new Credential(
                role.name(),
                secret(role.verifier()),
                role.canLogin(),
                role.validUntil(),
                roles.cloneId()));
  }

  /** Somebody whom production has shut out since must not stay in by an old environment. */
  private static Credential ofBoth(Credential productions, CloneRole role) {
    return new Credential(
        productions.role(),
        productions.password(),
        productions.canLogin() && role.canLogin(),
        earlier(productions.validUntil(), role.validUntil()));
  }

  private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isBefore(other) ? one : other;
  }

  private static @Nullable Secret secret(@Nullable String verifier) {
    return verifier == null ? null : new Secret(verifier);
  }

  @Override
  public int usualIterations(String source) {
    return known.order().contains(CredentialSource.PRODUCTION)
        ? catalog
            .get()
            .usualIterations(source)
            .orElseGet(() -> Credentials.super.usualIterations(source))
        : Credentials.super.usualIterations(source);
  }

  private static Credential credential(User user) {
    return new Credential(user.role(), user.password(), true, null).prepared();
  }

  private static Credential credential(Snapshot.Role role) {
    return new Credential(role.name(), secret(role.verifier()), role.canLogin(), role.validUntil());
  }
}
