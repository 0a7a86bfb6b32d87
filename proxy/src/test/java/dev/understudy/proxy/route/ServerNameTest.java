package dev.understudy.proxy.route;

import static dev.understudy.proxy.route.RoutingFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.StartupMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the name of the server says that a client of TLS asks for. */
class ServerNameTest {
  private static final Names NAMES =
      new Names(
          RoutingFixture.NAMES.policies(),
          RoutingFixture.NAMES.sources(),
          RoutingFixture.NAMES.users(),
          "db.test");

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # server name,    user,     database,  options,                           environment, database
          pr-1.db.test,     app,      shop,      -,                                 pr-1,        shop
          pr-1.db.test,     app,      crm,       -,                                 pr-1,        crm
          pr-1.db.test,     app,      -,         -,                                 pr-1,        app
          pr-1.db.test,     app,      fresh,     -,                                 pr-1,        fresh
          staging.db.test,  app,      staging,   -,                                 staging,     shop
          whatever.db.test, app,      shop,      -,                                 whatever,    shop
          # the same in several places
          pr-1.db.test,     app,      shop@pr-1, -,                                 pr-1,        shop
          pr-1.db.test,     app@pr-1, crm@PR-1,  -c understudy.environment=pr-1,    pr-1,        crm
          # names nothing, so that others may
          db.test,          app,      shop@pr-1, -,                                 pr-1,        shop
          pr-1.db.test.org, app,      shop@pr-2, -,                                 pr-2,        shop
          pr-1.xdb.test,    app,      shop@pr-2, -,                                 pr-2,        shop
          pr-1xdb.test,     app,      shop@pr-2, -,                                 pr-2,        shop
          127.0.0.1,        app,      shop@pr-2, -,                                 pr-2,        shop
          ::1,              app,      shop@pr-2, -,                                 pr-2,        shop
          '',               app,      shop@pr-2, -,                                 pr-2,        shop
          -,                app,      shop@pr-2, -,                                 pr-2,        shop
          """)
  void namesTheEnvironment(
      @Nullable String serverName,
      String user,
      @Nullable String database,
      @Nullable String options,
      String environment,
      String expectedDatabase) {
    Route route = Router.route(startup(user, database, options), serverName, NAMES);

    assertThat(route).isInstanceOf(EnvironmentRoute.class);
    assertThat(((EnvironmentRoute) route).environment()).isEqualTo(environment);
    assertThat(((EnvironmentRoute) route).database()).isEqualTo(expectedDatabase);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          app,      shop@pr-2, -
          app@pr-2, shop,      -
          app,      shop,      -c understudy.environment=pr-2
          app,      pr-2,      -
          """)
  void contradictsNoOtherPlace(String user, String database, @Nullable String options) {
    ErrorResponse refusal = refusal("pr-1.db.test", startup(user, database, options));

    assertThat(refusal.sqlState()).isEqualTo("22023");
    assertThat(refusal.message()).startsWith("connection names different environments: ");
    assertThat(refusal.detail()).contains("server name");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          a.b.db.test,   Connect to host "a-b.db.test".
          -pr-1.db.test, Connect to host "pr-1.db.test".
          pr 1.db.test,  Connect to host "pr-1.db.test".
          _.db.test,     Connect to a host such as "pr-42.db.test".
          .db.test,      Connect to a host such as "pr-42.db.test".
          """)
  void isNoNameOfAnEnvironment(String serverName, String hint) {
    ErrorResponse refusal = refusal(serverName, startup("app", "shop@pr-1", null));

    assertThat(refusal.sqlState()).isEqualTo("22023");
    assertThat(refusal.message()).endsWith(" in server name \"" + serverName + "\"");
    assertThat(refusal.hint()).isEqualTo(hint);
  }

  @Test
  void cannotNameWhatHasAnUnderscore() {
    ErrorResponse refusal = refusal("pr_1.db.test", startup("app", "shop", null));

    assertThat(refusal)
        .isEqualTo(
            ErrorResponse.fatal(
                "22023",
                "server name \"pr_1.db.test\" cannot name environment \"pr_1\"",
                "Host names have no \"_\".",
                "Connect with psql \"host=db.test dbname=shop@pr_1\"."));
  }

  @Test
  void tooLongForAHostNameNamesNothing() {
    assertThat(refusal("a".repeat(250) + ".db.test", startup("app", "shop", null)).sqlState())
        .isEqualTo("3D000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pr-1.db.test", "db.test"})
  void namesNothingWhereThereIsNoDomain(String serverName) {
    Route route = Router.route(startup("app", "shop@pr-2", null), serverName, RoutingFixture.NAMES);

    assertThat(((EnvironmentRoute) route).environment()).isEqualTo("pr-2");
  }

  @Test
  void isAmongTheFormsToPaste() {
    assertThat(refusal(null, startup("app", "shop", null)).hint())
        .isEqualTo(
            "Connect with psql \"dbname=shop@pr-42\", or as user \"app@pr-42\", or with options"
                + " \"-c understudy.environment=pr-42\", or to host \"pr-42.db.test\" with TLS.");
  }

  private static ErrorResponse refusal(@Nullable String serverName, StartupMessage message) {
    Route route = Router.route(message, serverName, NAMES);
    assertThat(route).isInstanceOf(RefusedRoute.class);
    return ((RefusedRoute) route).refusal();
  }

  private static StartupMessage startup(
      String user, @Nullable String database, @Nullable String options) {
    return message(
        "user", user,
        "database", database == null ? user : database,
        "options", options == null ? "" : options);
  }
}
