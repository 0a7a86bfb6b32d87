package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import dev.understudy.proxy.authenticate.Credential;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredCredentialsTest {
  private static final Catalog CATALOG =
      new Catalog(List.of(), Set.of(), null, List.of(Samples.snapshot("prod", 180_006)));

  @Test
  void usersOfTheSettingsMapToTheirRole() {
    assertThat(credentials(CredentialSource.USERS).find("alice", "prod"))
        .hasValueSatisfying(alice -> {
          assertThat(alice.role()).isEqualTo("app");
          assertThat(alice.canLogin()).isTrue();
          assertThat(alice.validUntil()).isNull();
        });
  }

  @Test
  void plainPasswordsAreVerifiersBeforeAnybodyLogsIn() {
    StoredCredentials credentials = credentials(CredentialSource.USERS);

    assertThat(credentials.find("alice", "prod"))
        .map(Credential::password)
        .map(Secret::value)
        .hasValueSatisfying(text -> assertThat(text).startsWith("SCRAM-SHA-256$4096:"));
    assertThat(credentials.find("alice", "prod")).isEqualTo(credentials.find("alice", "other"));
  }

  @Test
  void productionsRolesKeepVerifierAndValidity() {
    assertThat(credentials(CredentialSource.PRODUCTION).find("reader", "prod"))
        .contains(
            new Credential(
                "reader",
                new Secret("SCRAM-SHA-256$reader"),
                true,
                Instant.parse("2030-01-01T00:00:00Z")));
    assertThat(credentials(CredentialSource.PRODUCTION).find("owner", "prod"))
        .contains(new Credential("owner", null, false, null));
  }

  @Test
  void theFirstThatKnowsALoginDecides() {
    // alice is a user of the settings and a role of production.
    assertThat(
            credentials(CredentialSource.USERS, CredentialSource.PRODUCTION).find("alice", "prod"))
        .map(Credential::role)
        .contains("app");
    assertThat(
            credentials(CredentialSource.PRODUCTION, CredentialSource.USERS).find("alice", "prod"))
        .map(Credential::role)
        .contains("alice");
  }

  @Test
  void whereNoEnvironmentIsNamedOnlyUsersAreKnown() {
    StoredCredentials both = credentials(CredentialSource.PRODUCTION, CredentialSource.USERS);

    assertThat(both.find("alice", "")).map(Credential::role).contains("app");
    assertThat(both.find("reader", "")).isEmpty();
  }

  @Test
  void aKindThatIsNotListedOpensNothing() {
    assertThat(credentials(CredentialSource.USERS).find("reader", "prod")).isEmpty();
    assertThat(credentials(CredentialSource.PRODUCTION).find("bob", "prod")).isEmpty();
    assertThat(credentials(CredentialSource.PRODUCTION).find("reader", "other")).isEmpty();
  }

  @Test
  void otherLoginsAreTakenOnceThatIsSaidAndPasswordsThatStayKeepTheirSalt() {
    StoredCredentials credentials = credentials(CredentialSource.USERS);
    Credential before = credentials.find("alice", "prod").orElseThrow();

    Runnable change =
        credentials.prepare(
            Samples.settings(
                Map.of(
                    "alice", new User("alice", new Secret("pw"), "app"),
                    "carol", new User("carol", new Secret("pw"), "carol")),
                List.of(CredentialSource.USERS, CredentialSource.PRODUCTION)));
    assertThat(credentials.find("carol", "prod")).isEmpty();
    assertThat(credentials.find("bob", "prod")).isPresent();

    change.run();
    assertThat(credentials.find("carol", "prod")).isPresent();
    assertThat(credentials.find("bob", "prod")).isEmpty();
    assertThat(credentials.find("reader", "prod")).isPresent();
    assertThat(credentials.find("alice", "prod")).contains(before);
  }

  private static StoredCredentials credentials(CredentialSource... order) {
    Map<String, User> users =
        Map.of(
            "alice", new User("alice", new Secret("pw"), "app"),
            "bob", new User("bob", new Secret("pw"), "bob"));
    return new StoredCredentials(Samples.settings(users, List.of(order)), () -> CATALOG);
  }
}
