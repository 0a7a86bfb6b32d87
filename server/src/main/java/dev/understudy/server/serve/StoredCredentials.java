package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.proxy.authenticate.Credentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The settings' users and production's roles, in the order of the settings. The first that knows a
 * login decides: a user of the settings is never let in by the password of production's role.
 */
final class StoredCredentials implements Credentials {
  private final List<CredentialSource> order;
  private final Map<String, Credential> users;
  private final Supplier<Catalog> catalog;

  StoredCredentials(Settings settings, Supplier<Catalog> catalog) {
    this.order = settings.authentication();
    // Verifiers are derived from plain passwords here: a login must not wait for that.
    this.users =
        settings.users().values().stream()
            .collect(Collectors.toUnmodifiableMap(User::name, StoredCredentials::credential));
    this.catalog = requireNonNull(catalog, "catalog is null");
  }

  @Override
  public Optional<Credential> find(String login, String source) {
    return order.stream().flatMap(kind -> find(kind, login, source).stream()).findFirst();
  }

  private Optional<Credential> find(CredentialSource kind, String login, String source) {
    return switch (kind) {
      case USERS -> Optional.ofNullable(users.get(login));
      case PRODUCTION -> catalog.get().role(source, login).map(StoredCredentials::credential);
    };
  }

  @Override
  public int usualIterations(String source) {
    return order.contains(CredentialSource.PRODUCTION)
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
