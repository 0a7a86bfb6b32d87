package dev.understudy.proxy.route;

import static dev.understudy.proxy.route.RoutingFixture.NAMES;
import static dev.understudy.proxy.route.RoutingFixture.message;
import static dev.understudy.proxy.route.RoutingFixture.policy;
import static dev.understudy.proxy.route.RoutingFixture.route;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouterTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # user,          database,          options,                              login,         environment, source, database
          # the database name
          app,             shop@pr-1,         -,                                    app,           pr-1,    prod,   shop
          app,             shop@PR-1,         -,                                    app,           pr-1,    prod,   shop
          app,             shop%40pr-1,       -,                                    app,           pr-1,    prod,   shop
          app,             crm@anything_goes, -,                                    app,           anything_goes, prod, crm
          app,             postgres@pr-1,     -,                                    app,           pr-1,    prod,   postgres
          app,             template1@pr-1,    -,                                    app,           pr-1,    prod,   template1
          app,             @pr-1,             -,                                    app,           pr-1,    prod,   shop
          app,             my db@pr-1,        -,                                    app,           pr-1,    prod,   my db
          # the database name alone
          app,             staging,           -,                                    app,           staging, prod,   shop
          app,             Staging,           -,                                    app,           staging, prod,   shop
          app,             pr-1,              -,                                    app,           pr-1,    prod,   shop
          clerk,           lit,               -,                                    clerk,         lit,     ledger, books
          staging,         -,                 -,                                    staging,       staging, prod,   shop
          # the user name
          app@pr-1,        shop,              -,                                    app,           pr-1,    prod,   shop
          app@PR-1,        crm,               -,                                    app,           pr-1,    prod,   crm
          who@ever@pr-1,   shop,              -,                                    who@ever,      pr-1,    prod,   shop
          app@pr-1,        shop@pr-1,         -,                                    app,           pr-1,    prod,   shop
          app@pr-1,        pr-1,              -,                                    app,           pr-1,    prod,   shop
          me@corp,         shop@pr-1,         -,                                    me@corp,       pr-1,    prod,   shop
          alice@example,   shop@pr-1,         -,                                    alice@example, pr-1,    prod,   shop
          me@corp@pr-1,    shop,              -,                                    me@corp,       pr-1,    prod,   shop
          # the options
          app,             shop,              -c understudy.environment=pr-1,       app,           pr-1,    prod,   shop
          app,             crm,               -cunderstudy.environment=pr-1,        app,           pr-1,    prod,   crm
          app,             shop,              --understudy.environment=pr-1,        app,           pr-1,    prod,   shop
          app,             shop,              --Understudy.Environment=PR-1,        app,           pr-1,    prod,   shop
          app,             shop@pr-1,         -c understudy.environment=pr-1,       app,           pr-1,    prod,   shop
          app,             staging,           -c understudy.environment=staging,    app,           staging, prod,   shop
          app@pr-1,        shop%40pr-1,       -c understudy.environment=pr-1,       app,           pr-1,    prod,   shop
          clerk,           books,             -c understudy.environment=lit,        clerk,         lit,     ledger, books
          # a database that the snapshot has not, but the environment may
          app,            fresh@pr-1,        -,                                    app,           pr-1,    prod,   fresh
          app@pr-1,        fresh,             -,                                    app,           pr-1,    prod,   fresh
          app@pr-1,        -,                 -,                                    app,           pr-1,    prod,   app
          app,             fresh,             -c understudy.environment=pr-1,       app,           pr-1,    prod,   fresh
          app,             -,                 -c understudy.environment=pr-1,       app,           pr-1,    prod,   app
          clerk,           shop@lit,          -,                                    clerk,         lit,     ledger, shop
          """)
  void findsTheEnvironment(
      String user,
      String database,
      String options,
      String login,
      String environment,
      String source,
      String expectedDatabase) {
    Route route = Router.route(startup(user, database, options), NAMES);

    assertThat(route).isInstanceOf(EnvironmentRoute.class);
    EnvironmentRoute found = (EnvironmentRoute) route;
    assertThat(found.login()).isEqualTo(login);
    assertThat(found.environment()).isEqualTo(environment);
    assertThat(found.source()).isEqualTo(source);
    assertThat(found.database()).isEqualTo(expectedDatabase);
    assertThat(found.protocolMinor()).isEqualTo(source.equals("prod") ? 2 : 0);
    assertThat(found.parameters()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # user,        database,       options,                                 SQLSTATE, login,   source, message
          # nothing is made of production's own names
          app,           shop,           -,                                       3D000,    app,     prod,   'no environment is named for database "shop"'
          app,           postgres,       -,                                       3D000,    app,     prod,   'no environment is named for database "postgres"'
          app,           template1,      -,                                       3D000,    app,     prod,   'no environment is named for database "template1"'
          app,           template0,      -,                                       3D000,    app,     prod,   'no environment is named for database "template0"'
          crm,           -,              -,                                       3D000,    crm,     '',     'no environment is named for database "crm"'
          app,           -,              -,                                       3D000,    app,     prod,   'database "app" does not exist'
          app,           CRM,            -,                                       3D000,    app,     prod,   'database "CRM" does not exist'
          # a pattern without a beginning takes no name alone
          app,           whatever,       -,                                       3D000,    app,     prod,   'database "whatever" does not exist'
          app,           x-nightly,      -,                                       3D000,    app,     prod,   'database "x-nightly" does not exist'
          app,           Feature/X,      -,                                       3D000,    app,     prod,   'database "Feature/X" does not exist'
          # a login that holds an @ names no environment by default
          me@corp,       -,              -,                                       3D000,    me@corp, prod,   'database "me@corp" does not exist'
          me@corp,       me@corp,        -,                                       3D000,    me@corp, prod,   'database "me@corp" does not exist'
          # no database to mean
          app,           many-1,         -,                                       3D000,    app,     prod,   'no database is named for environment "many-1"'
          # bad names
          app,           shop@Feature/X, -,                                       22023,    app,     prod,   'invalid environment name "Feature/X"'
          app,           shop@,          -,                                       22023,    app,     prod,   'invalid environment name ""'
          app@a.b,       shop,           -,                                       22023,    app,     prod,   'invalid environment name "a.b"'
          app,           shop,           -c understudy.environment=,              22023,    app,     prod,   'invalid environment name ""'
          app,           shop,           -c understudy.environment,               22023,    app,     prod,   'invalid environment name ""'
          app,           shop@-x,        -,                                       22023,    app,     prod,   'invalid environment name "-x"'
          # contradictions
          app@pr-1,      shop@pr-2,      -,                                       22023,    app,     prod,   'connection names different environments: "pr-1", "pr-2"'
          app,           shop@pr-1,      -c understudy.environment=pr-2,          22023,    app,     prod,   'connection names different environments: "pr-2", "pr-1"'
          app@pr-1,      shop,           -c understudy.environment=pr-2,          22023,    app,     prod,   'connection names different environments: "pr-2", "pr-1"'
          app@pr-1,      staging,        -,                                       22023,    app,     prod,   'connection names different environments: "pr-1", "staging"'
          clerk@lit,     books@pr-1,     -,                                       22023,    clerk,   ledger, 'connection names different environments: "lit", "pr-1"'
          # tokens
          app,           shop@pr-1,      -c understudy.fresh=,                    22023,    app,     prod,   'invalid value for parameter "understudy.fresh"'
          app,           shop@pr-1,      -c understudy.fresh=a -c understudy.fresh=b, 22023, app,    prod,   'connection gives different values for "understudy.fresh"'
          # parameters that nobody may give
          app,           shop@pr-1,      -c understudy.nonsense=7,                22023,    app,     prod,   'unrecognized configuration parameter "understudy.nonsense"'
          app,           shop@pr-1,      --understudy.data-time=7,                22023,    app,     prod,   'parameter "understudy.data_time" cannot be set by a client'
          app,           shop@pr-1,      -c understudy.source=x,                  22023,    app,     prod,   'parameter "understudy.source" cannot be set by a client'
          # not there yet
          app,           x@late,         -,                                       57P03,    app,     unready, 'source "unready" has no snapshot yet'
          """)
  void refuses(
      String user,
      String database,
      String options,
      String sqlState,
      String login,
      String source,
      String message) {
    Route route = Router.route(startup(user, database, options), NAMES);

    assertThat(route).isInstanceOf(RefusedRoute.class);
    ErrorResponse refusal = ((RefusedRoute) route).refusal();
    assertThat(refusal.sqlState()).isEqualTo(sqlState);
    assertThat(refusal.message()).isEqualTo(message);
    assertThat(refusal.hint()).isNotBlank();
    assertThat(route.login()).isEqualTo(login);
    assertThat(route.source()).isEqualTo(source);
  }

  @Test
  void takesTheTokenOutOfTheOptions() {
    EnvironmentRoute route =
        (EnvironmentRoute)
            route(
                "user", "app",
                "database", "shop@pr-1",
                "options", "-c understudy.fresh=run\\ 7 --understudy.fresh=run\\ 7 -c a=b");

    assertThat(route.fresh()).isEqualTo("run 7");
    assertThat(route.parameters()).containsExactly(Map.entry("options", "-c a=b"));
    assertThat(((EnvironmentRoute) route("user", "app", "database", "shop@pr-1")).fresh()).isNull();
  }

  @Test
  void aTokenHasAtMost128PrintableCharacters() {
    String most = "é".repeat(128);

    assertThat(
            ((EnvironmentRoute)
                    route("user", "app", "database", "shop@pr-1", "understudy.fresh", most))
                .fresh())
        .isEqualTo(most);
    for (String bad : List.of(most + "é", "a\u0007b")) {
      assertThat(route("user", "app", "database", "shop@pr-1", "understudy.fresh", bad))
          .isInstanceOf(RefusedRoute.class);
    }
  }

  private static StartupMessage startup(String user, String database, String options) {
    if (database == null) {
      return options == null ? message("user", user) : message("user", user, "options", options);
    }
    return options == null
        ? message("user", user, "database", database)
        : message("user", user, "database", database, "options", options);
  }

  @Test
  void refusesWhatNoPatternCovers() {
    Names names = new Names(List.of(policy("pr-*", "prod", null)), NAMES.sources());

    Route route = Router.route(message("user", "app", "database", "shop@prod"), names);

    ErrorResponse refusal = ((RefusedRoute) route).refusal();
    assertThat(refusal.sqlState()).isEqualTo("3D000");
    assertThat(refusal.message()).isEqualTo("environment \"prod\" does not exist");
    assertThat(refusal.detail()).isEqualTo("Names that can exist: \"pr-*\".");
    assertThat(refusal.hint())
        .isEqualTo(
            "Connect with psql \"dbname=crm@pr-42\", or as user \"app@pr-42\", or with options"
                + " \"-c understudy.environment=pr-42\".");
  }

  static Stream<Arguments> hints() {
    return Stream.of(
        argumentSet("corrected", "shop@Feature/X!", "Use \"feature-x\"."),
        argumentSet("bare database", "crm", "Connect with psql \"dbname=crm@pr-42\", or as"),
        argumentSet("odd database", "my db", "Connect with psql \"dbname='my db@pr-42'\", or as"),
        argumentSet("other source", "books", "Connect with psql \"dbname=books@lit\", or as"),
        argumentSet("not alone", "whatever", "Connect with psql \"dbname=shop@whatever\"."),
        argumentSet("several", "many-7", "Connect with psql \"dbname=crm@many-7\"."));
  }

  @ParameterizedTest
  @MethodSource("hints")
  void hintsAtWhatToPaste(String database, String hint) {
    Route route = route("user", "app", "database", database);

    assertThat(((RefusedRoute) route).refusal().hint()).startsWith(hint);
  }

  @Test
  void passesEverythingElseOnInOrder() {
    EnvironmentRoute route =
        (EnvironmentRoute)
            route(
                "user", "app",
                "database", "shop@pr-1",
                "application_name", "x",
                "options", "-c geqo=off --understudy.environment=pr-1 -c a\\ b=c",
                "_pq_.some", "1",
                "replication", "database",
                "extra_float_digits", "2");

    StartupMessage message = route.startupMessage(2, "reader", Map.of("understudy.source", "prod"));
    assertThat(message.minor()).isEqualTo(2);
    assertThat(message.parameters())
        .containsExactly(
            Map.entry("user", "reader"),
            Map.entry("database", "shop"),
            Map.entry("application_name", "x"),
            Map.entry("options", "-c geqo=off -c a\\ b=c"),
            Map.entry("replication", "database"),
            Map.entry("extra_float_digits", "2"),
            Map.entry("understudy.source", "prod"));
  }

  @Test
  void takesTheEnvironmentFromAStartupParameter() {
    Route route = route("user", "app", "database", "shop", "Understudy.environment", "pr-9");

    assertThat(((EnvironmentRoute) route).environment()).isEqualTo("pr-9");
    assertThat(((EnvironmentRoute) route).parameters()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"pr-1, shop", "lit, books", "many-1, postgres"})
  void opensForADatabaseThatIsThereInPhysicalReplication(String environment, String openedFor) {
    String user = "app@" + environment;
    EnvironmentRoute physical =
        (EnvironmentRoute) route("user", user, "database", "replication", "replication", "true");
    EnvironmentRoute logical =
        (EnvironmentRoute)
            route("user", user, "database", "replication", "replication", "database");

    assertThat(physical.openedFor()).isEqualTo(openedFor);
    assertThat(physical.startupMessage(0, "app", Map.of()).database()).isEqualTo("replication");
    assertThat(logical.openedFor()).isEqualTo("replication");
  }

  @Test
  void refusesADefaultDatabaseThatIsNotThere() {
    Names names = new Names(List.of(policy("pr-*", "prod", "gone")), NAMES.sources());

    for (String database : List.of("pr-1", "@pr-1")) {
      Route route = Router.route(message("user", "app", "database", database), names);

      ErrorResponse refusal = ((RefusedRoute) route).refusal();
      assertThat(refusal.sqlState()).isEqualTo("3D000");
      assertThat(refusal.message()).isEqualTo("database \"gone\" does not exist");
    }
  }

  @Test
  void leadsToTheConsoleWhichOnlyUsersOfTheSettingsEnter() {
    Route route = route("user", "app", "database", "understudy");

    assertThat(route).isEqualTo(new ConsoleRoute("app"));
    assertThat(route.source()).isEmpty();
    assertThat(route.protocolMinor()).isEqualTo(2);
  }

  @Test
  void tellsWhyALoginMayNotOpenAnEnvironment() {
    Names names =
        new Names(
            List.of(
                new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null),
                new EnvironmentPolicy(new NamePattern("dev-{role}"), "prod", "shop", null)),
            Map.of("prod", new SourceNames(Set.of("shop"), Set.of("app", "bob"), 2)));

    assertThat(Router.refusal("app", "pr-1", names)).isNull();
    assertThat(Router.refusal("app", "dev-app", names)).isNull();
    assertThat(requireNonNull(Router.refusal("app", "dev-bob", names)).sqlState())
        .isEqualTo("42501");
    assertThat(requireNonNull(Router.refusal("app", "other", names)).sqlState()).isEqualTo("3D000");
  }

  @Test
  void usesTheOnlySourceForLoginsThatNameNoEnvironment() {
    SourceNames only = new SourceNames(Set.of("shop"), Set.of(), 2);
    Names names = new Names(List.of(), Map.of("prod", only));

    Route route = Router.route(message("user", "app", "database", "shop"), names);

    assertThat(route.source()).isEqualTo("prod");
    assertThat(route.protocolMinor()).isEqualTo(2);
    assertThat(((RefusedRoute) route).refusal().hint())
        .isEqualTo("Add a pattern under \"understudy.environments\" to the settings.");
  }
}
