package dev.understudy.proxy.route;

import static dev.understudy.proxy.route.RoutingFixture.message;
import static dev.understudy.proxy.route.RoutingFixture.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environments that are for the role that they are named after. */
class PersonalTest {
  private static final Names NAMES =
      new Names(
          List.of(policy("dev-{role}", "prod", "shop"), policy("*", "prod", "shop")),
          Map.of(
              "prod",
              new SourceNames(
                  Set.of("shop"), Set.of("ann", "Bob", "bob", "C.D", "c_d", "c-d!", "eü"), 2)),
          Set.of("Eve@corp"));

  @ParameterizedTest
  @CsvSource({
    "ann, shop@dev-ann",
    "ann, dev-ann",
    "ann, shop@DEV-Ann",
    "ann@dev-ann, shop",
    // written like that, whoever else would fold to it
    "bob, dev-bob",
    "c_d, dev-c_d",
    "Eve@corp, shop@dev-eve-corp",
    // not known here: they are refused for their password
    "Zoe, dev-zoe",
    // of another pattern
    "ann, shop@dev",
  })
  void opensOnesOwn(String user, String database) {
    assertThat(route(user, database)).isInstanceOf(EnvironmentRoute.class);
  }

  @ParameterizedTest
  @CsvSource({
    "ann, shop@dev-bob, dev-bob, ann",
    "ann, dev-bob, dev-bob, ann",
    "ann@dev-bob, shop, dev-bob, ann",
    "ann, shop@dev-ann-2, dev-ann-2, ann",
    "postgres, shop@dev-ann, dev-ann, postgres",
    "Eve@corp, shop@dev-eve, dev-eve, Eve@corp",
  })
  void refusesEverybodyElse(String user, String database, String environment, String login) {
    RefusedRoute route = (RefusedRoute) route(user, database);

    assertThat(route.login()).isEqualTo(login);
    assertThat(route.source()).isEqualTo("prod");
    ErrorResponse refusal = route.refusal();
    assertThat(refusal.sqlState()).isEqualTo("42501");
    assertThat(refusal.message())
        .isEqualTo("permission denied for environment \"" + environment + "\"");
    assertThat(refusal.detail())
        .isEqualTo("Environments of \"dev-{role}\" are for the role that they are named after.");
    String own = login.equals("Eve@corp") ? "eve-corp" : login;
    assertThat(refusal.hint()).isEqualTo("Connect with psql \"dbname=shop@dev-" + own + "\".");
  }

  @ParameterizedTest
  @CsvSource({"Bob, dev-bob, bob", "C.D, dev-c-d, c-d!", "c-d!, dev-c-d, C.D"})
  void refusesWhoSharesTheName(String user, String environment, String other) {
    ErrorResponse refusal = ((RefusedRoute) route(user, "shop@" + environment)).refusal();

    assertThat(refusal.sqlState()).isEqualTo("42501");
    assertThat(refusal.detail())
        .isEqualTo(
            "Roles \"%s\" and \"%s\" would both be the one that it is named after."
                .formatted(user, other));
  }

  @Test
  void showsEverybodyTheirOwnName() {
    ErrorResponse refusal = ((RefusedRoute) route("Eve@corp", "shop")).refusal();

    assertThat(refusal.hint()).startsWith("Connect with psql \"dbname=shop@dev-eve-corp\", or as");
  }

  @Test
  void takesNoNameAloneThatBeginsWithTheRole() {
    Names names = new Names(List.of(policy("{role}-dev", "prod", "shop")), NAMES.sources());

    Route route = Router.route(message("user", "ann", "database", "ann-dev"), names);

    assertThat(((RefusedRoute) route).refusal().sqlState()).isEqualTo("3D000");
    assertThat(Router.route(message("user", "ann", "database", "shop@ann-dev"), names))
        .isInstanceOf(EnvironmentRoute.class);
  }

  private static Route route(String user, String database) {
    return Router.route(message("user", user, "database", database), NAMES);
  }
}
