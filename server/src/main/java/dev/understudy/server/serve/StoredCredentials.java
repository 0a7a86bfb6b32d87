package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.proxy.authenticate.Credentials;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The settings' users and production's roles, in the order of the settings. The first that knows a
 * login decides: a user of the settings is never let in by the password of production's role.
 */
final class StoredCredentials implements Credentials {
  private final Supplier<Catalog> catalog;
  private volatile Known known;

  StoredCredentials(Settings settings, Supplier<Catalog> catalog) {
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
  public Optional<Credential> find(String login, String source) {
    Known now = known;
    return now.order().stream()
        .flatMap(kind -> find(now, kind, login, source).stream())
        .findFirst();
  }

  private Optional<Credential> find(Known now, CredentialSource kind, String login, String source) {
    return switch (kind) {
      case USERS -> Optional.ofNullable(now.credentials().get(login));
      case PRODUCTION -> catalog.get().role(source, login).map(StoredCredentials::credential);
    };
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
    String verifier = role.verifier();
    return new Credential(
        role.name(),
        verifier == null ? null : new Secret(verifier),
        role.canLogin(),
        role.validUntil());
  }
}
