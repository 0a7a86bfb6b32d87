package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneRole;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.User;
import dev.understudy.proxy.authenticate.Credential;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredCredentialsTest {
  /** Of production's reader. */
  private static final Instant UNTIL = Instant.parse("2030-01-01T00:00:00Z");

  private static final Catalog CATALOG =
      new Catalog(List.of(), Set.of(), null, List.of(Samples.snapshot("prod", 180_006)));

  private final Map<String, CloneRoles> clones = new HashMap<>();

  @Test
  void usersOfTheSettingsMapToTheirRole() {
    assertThat(credentials(CredentialSource.USERS).find("alice", "prod", "pr-1"))
        .hasValueSatisfying(alice -> {
          assertThat(alice.role()).isEqualTo("app");
          assertThat(alice.canLogin()).isTrue();
          assertThat(alice.validUntil()).isNull();
        });
  }

  @Test
  void plainPasswordsAreVerifiersBeforeAnybodyLogsIn() {
    StoredCredentials credentials = credentials(CredentialSource.USERS);

    assertThat(credentials.find("alice", "prod", "pr-1"))
        .map(Credential::password)
        .map(Secret::value)
        .hasValueSatisfying(text -> assertThat(text).startsWith("SCRAM-SHA-256$4096:"));
    assertThat(credentials.find("alice", "prod", "pr-1"))
        .isEqualTo(credentials.find("alice", "other", "pr-1"));
  }

  @Test
  void productionsRolesKeepVerifierAndValidity() {
    assertThat(credentials(CredentialSource.PRODUCTION).find("reader", "prod", "pr-1"))
        .contains(
            new Credential(
                "reader",
                new Secret("SCRAM-SHA-256$reader"),
                true,
                Instant.parse("2030-01-01T00:00:00Z")));
    assertThat(credentials(CredentialSource.PRODUCTION).find("owner", "prod", "pr-1"))
        .contains(new Credential("owner", null, false, null));
  }

  @Test
  void theFirstThatKnowsALoginDecides() {
    // alice is a user of the settings and a role of production.
    assertThat(
            credentials(CredentialSource.USERS, CredentialSource.PRODUCTION)
                .find("alice", "prod", "pr-1"))
        .map(Credential::role)
        .contains("app");
    assertThat(
            credentials(CredentialSource.PRODUCTION, CredentialSource.USERS)
                .find("alice", "prod", "pr-1"))
        .map(Credential::role)
        .contains("alice");
  }

  @Test
  void whereNoEnvironmentIsNamedOnlyUsersAreKnown() {
    StoredCredentials both = credentials(CredentialSource.PRODUCTION, CredentialSource.USERS);

    assertThat(both.find("alice", "", "")).map(Credential::role).contains("app");
    assertThat(both.find("reader", "", "")).isEmpty();
  }

  @Test
  void aKindThatIsNotListedOpensNothing() {
    assertThat(credentials(CredentialSource.USERS).find("reader", "prod", "pr-1")).isEmpty();
    assertThat(credentials(CredentialSource.PRODUCTION).find("bob", "prod", "pr-1")).isEmpty();
    assertThat(credentials(CredentialSource.PRODUCTION).find("reader", "other", "pr-1")).isEmpty();
  }

  @Test
  void otherLoginsAreTakenOnceThatIsSaidAndPasswordsThatStayKeepTheirSalt() {
    StoredCredentials credentials = credentials(CredentialSource.USERS);
    Credential before = credentials.find("alice", "prod", "pr-1").orElseThrow();

    Runnable change =
        credentials.prepare(
            Samples.settings(
                Map.of(
                    "alice", new User("alice", new Secret("pw"), "app"),
                    "carol", new User("carol", new Secret("pw"), "carol")),
                List.of(CredentialSource.USERS, CredentialSource.PRODUCTION)));
    assertThat(credentials.find("carol", "prod", "pr-1")).isEmpty();
    assertThat(credentials.find("bob", "prod", "pr-1")).isPresent();

    change.run();
    assertThat(credentials.find("carol", "prod", "pr-1")).isPresent();
    assertThat(credentials.find("bob", "prod", "pr-1")).isEmpty();
    assertThat(credentials.find("reader", "prod", "pr-1")).isPresent();
    assertThat(credentials.find("alice", "prod", "pr-1")).contains(before);
  }

  private static CloneRole untouched(String name, boolean canLogin, @Nullable Instant validUntil) {
    return new CloneRole(name, canLogin, true, null, validUntil);
  }

  private void cloneHas(CloneRole... roles) {
    clones.put("pr-1", new CloneRoles("c1", "prod", List.of(roles)));
  }

  @Test
  void whatWasSetInAnEnvironmentHoldsThereAlone() {
    cloneHas(
        new CloneRole("reader", true, false, "SCRAM-SHA-256$own", UNTIL),
        new CloneRole("fresh", true, false, "SCRAM-SHA-256$fresh", null));
    StoredCredentials both = credentials(CredentialSource.USERS, CredentialSource.PRODUCTION);

    assertThat(both.find("reader", "prod", "pr-1"))
        .contains(new Credential("reader", new Secret("SCRAM-SHA-256$own"), true, UNTIL, "c1"));
    assertThat(both.find("fresh", "prod", "pr-1")).map(Credential::scope).contains("c1");
    assertThat(both.find("reader", "prod", "pr-2"))
        .map(Credential::password)
        .contains(new Secret("SCRAM-SHA-256$reader"));
    for (String environment : List.of("pr-2", "")) {
      assertThat(both.find("fresh", "prod", environment)).as(environment).isEmpty();
    }
    assertThat(credentials(CredentialSource.USERS).find("fresh", "prod", "pr-1"))
        .as("where production's roles do not count")
        .isEmpty();
  }

  @Test
  void whatAnEnvironmentDoesNotHaveCannotLogInThere() {
    cloneHas(new CloneRole("reader", true, false, null, null));
    StoredCredentials production = credentials(CredentialSource.PRODUCTION);

    assertThat(production.find("owner", "prod", "pr-1")).as("dropped").isEmpty();
    assertThat(production.find("reader", "prod", "pr-1"))
        .as("its password was taken away")
        .contains(new Credential("reader", null, true, null, "c1"));
  }

  @Test
  void anUntouchedPasswordIsProductionsAndBothMustLetItIn() {
    Instant earlier = UNTIL.minusSeconds(1);
    StoredCredentials production = credentials(CredentialSource.PRODUCTION);

    cloneHas(untouched("reader", true, null), untouched("gone", true, null));
    assertThat(production.find("reader", "prod", "pr-1"))
        .isEqualTo(production.find("reader", "prod", "pr-2"))
        .isPresent();
    assertThat(production.find("gone", "prod", "pr-1"))
        .as("production has dropped it since")
        .isEmpty();

    cloneHas(untouched("reader", false, earlier), untouched("owner", true, null));
    assertThat(production.find("reader", "prod", "pr-1"))
        .hasValueSatisfying(reader -> {
          assertThat(reader.canLogin()).isFalse();
          assertThat(reader.validUntil()).isEqualTo(earlier);
        });
    assertThat(production.find("owner", "prod", "pr-1"))
        .as("who may not log in to production")
        .map(Credential::canLogin)
        .contains(false);

    cloneHas(untouched("reader", true, UNTIL.plusSeconds(1)));
    assertThat(production.find("reader", "prod", "pr-1"))
        .map(Credential::validUntil)
        .contains(UNTIL);
  }

  @Test
  void noEnvironmentMakesAUserOfTheSettings() {
    cloneHas(
        new CloneRole("alice", true, false, "SCRAM-SHA-256$forged", null),
        new CloneRole("bob", true, false, "SCRAM-SHA-256$forged", null));

    for (StoredCredentials stored :
        List.of(
            credentials(CredentialSource.USERS, CredentialSource.PRODUCTION),
            credentials(CredentialSource.PRODUCTION, CredentialSource.USERS),
            credentials(CredentialSource.PRODUCTION))) {
      for (String login : List.of("alice", "bob")) {
        Optional<Credential> found = stored.find(login, "prod", "pr-1");
        assertThat(found).isEqualTo(stored.find(login, "prod", "pr-2"));
        assertThat(found.map(Credential::scope)).isEmpty();
      }
    }
  }

  private StoredCredentials credentials(CredentialSource... order) {
    Map<String, User> users =
        Map.of(
            "alice", new User("alice", new Secret("pw"), "app"),
            "bob", new User("bob", new Secret("pw"), "bob"));
    return new StoredCredentials(
        Samples.settings(users, List.of(order)),
        () -> CATALOG,
        environment -> Optional.ofNullable(clones.get(environment)));
  }
}
