package dev.understudy.proxy.access;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.AddressBlock;
import dev.understudy.config.HbaRule;
import dev.understudy.config.NameGlob;
import dev.understudy.config.NamePattern;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.RefusedRoute;
import dev.understudy.proxy.route.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AccessRulesTest {
  private static final Origin OFFICE = origin("10.1.2.3", false);
  private static final Origin OFFICE_TLS = origin("10.1.2.3", true);
  private static final Origin ELSEWHERE = origin("192.0.2.1", false);

  private final List<HbaRule> rules = new ArrayList<>();

  private AccessRules rules() {
    return new AccessRules(rules);
  }

  @Test
  void withoutTheSettingEverybodyIsWelcome() {
    AccessRules none = new AccessRules(null);

    assertThat(none.refusal(ELSEWHERE)).isNull();
    assertThat(none.refusal(ELSEWHERE, route("ci", "pr-1", "shop"))).isNull();
    assertThat(none.admitsCancelFrom(ELSEWHERE.address())).isTrue();
  }

  @Test
  void withoutARuleNobodyIs() {
    assertThat(rules().refusal(OFFICE)).isNotNull();
    assertThat(rules().refusal(OFFICE, route("ci", "pr-1", "shop"))).isNotNull();
    assertThat(rules().admitsCancelFrom(OFFICE.address())).isFalse();
  }

  @Test
  void theFirstThatMatchesDecides() {
    rules.add(new Rule().user("intern").environment("staging").rejects());
    rules.add(new Rule().address("10.0.0.0/8").allows());
    rules.add(new Rule().user("ci").environment("ci-*").allows());

    assertThat(isAdmitted(OFFICE, "ann", "staging", "shop")).isTrue();
    assertThat(isAdmitted(OFFICE, "intern", "staging", "shop")).isFalse();
    assertThat(isAdmitted(OFFICE, "intern", "pr-1", "shop")).isTrue();
    assertThat(isAdmitted(ELSEWHERE, "ci", "ci-7", "shop")).isTrue();
    assertThat(isAdmitted(ELSEWHERE, "ci", "pr-1", "shop")).isFalse();
    assertThat(isAdmitted(ELSEWHERE, "ann", "ci-7", "shop")).isFalse();
  }

  @Test
  void databasesAreMatchedAsPostgresTakesThem() {
    String longest = "x".repeat(63);
    rules.add(new Rule().database(longest).rejects());
    rules.add(new Rule().database("shop").allows());
    rules.add(new Rule().database("x*").allows());

    assertThat(isAdmitted(OFFICE, "ci", "pr-1", "shop")).isTrue();
    assertThat(isAdmitted(OFFICE, "ci", "pr-1", "Shop")).isFalse();
    assertThat(isAdmitted(OFFICE, "ci", "pr-1", "xy")).isTrue();
    assertThat(isAdmitted(OFFICE, "ci", "pr-1", longest + "y")).isFalse();
  }

  @Test
  void physicalReplicationIsNoDatabase() {
    rules.add(new Rule().database("shop").allows());
    Route streaming = route("ci", "pr-1", "shop", Map.of("replication", "true"));
    Route logical = route("ci", "pr-1", "shop", Map.of("replication", "database"));

    assertThat(rules().refusal(OFFICE, logical)).isNull();
    assertThat(message(rules().refusal(OFFICE, streaming)))
        .isEqualTo(
            "no listen.hba entry for host \"10.1.2.3\", user \"ci\", environment \"pr-1\","
                + " replication, no encryption");
    rules.add(new Rule().database("replication").allows());
    assertThat(rules().refusal(OFFICE, streaming)).isNull();
  }

  @Test
  void theConsoleIsADatabaseAndNoEnvironment() {
    Route console = new ConsoleRoute("ci");
    rules.add(new Rule().user("ci").environment("ci-*").allows());
    rules.add(new Rule().database("shop").allows());
    assertThat(message(rules().refusal(OFFICE, console)))
        .isEqualTo(
            "no listen.hba entry for host \"10.1.2.3\", user \"ci\", database \"understudy\","
                + " no encryption");
    rules.add(new Rule().database("understudy").allows());
    assertThat(rules().refusal(OFFICE, console)).isNull();
  }

  @Test
  void beforeAuthenticationOnlyTheAddressCounts() {
    rules.add(new Rule().user("intern").rejects());
    rules.add(new Rule().user("ci").address("10.0.0.0/8").allows());
    rules.add(new Rule().address("192.0.2.1").rejects());
    rules.add(new Rule().environment("demo").allows());

    assertThat(rules().refusal(OFFICE)).as("ci may").isNull();
    assertThat(rules().refusal(origin("198.51.100.1", false))).as("demo may").isNull();
    ErrorResponse refusal = requireNonNull(rules().refusal(ELSEWHERE));
    assertThat(refusal.sqlState()).isEqualTo("28000");
    assertThat(refusal.message())
        .isEqualTo("listen.hba rejects connection for host \"192.0.2.1\", no encryption");
    assertThat(refusal.hint()).isNotBlank();
    assertThat(refusal.fields().toString()).doesNotContain("intern", "ci\"", "demo");
  }

  @Test
  void whomNoRuleIsAboutHearsWhoAndWhereAfterAuthentication() {
    rules.add(new Rule().user("ci").allows());

    assertThat(message(rules().refusal(OFFICE_TLS, route("ann", "pr-1", "shop"))))
        .isEqualTo(
            "no listen.hba entry for host \"10.1.2.3\", user \"ann\", environment \"pr-1\","
                + " database \"shop\", SSL encryption");
  }

  @Test
  void aRouteThatLeadsNowhereIsExplainedToWhoMayConnectAtAll() {
    rules.add(new Rule().user("ann").environment("pr-*").rejects());
    rules.add(new Rule().user("ann").environment("dev-*").allows());
    rules.add(new Rule().user("bob").environment("pr-*").rejects());

    assertThat(rules().refusal(OFFICE, nowhere("ann"))).isNull();
    assertThat(message(rules().refusal(OFFICE, nowhere("bob"))))
        .isEqualTo("no listen.hba entry for host \"10.1.2.3\", user \"bob\", no encryption");
  }

  @Test
  void whoWouldBeLetInInsideTlsIsToldSo() {
    rules.add(new Rule().type(HbaRule.Type.HOSTSSL).user("ci").allows());
    String hint = "Connect with sslmode=require: inside TLS it is let in.";

    assertThat(requireNonNull(rules().refusal(OFFICE)).hint()).isEqualTo(hint);
    assertThat(rules().refusal(OFFICE_TLS)).isNull();
    assertThat(hint(rules().refusal(OFFICE, route("ci", "pr-1", "shop")))).isEqualTo(hint);
    assertThat(hint(rules().refusal(OFFICE, route("ann", "pr-1", "shop")))).isNotEqualTo(hint);
    assertThat(rules().refusal(OFFICE_TLS, route("ci", "pr-1", "shop"))).isNull();
  }

  @Test
  void requestsToCancelComeFromWhereSessionsMay() {
    rules.add(new Rule().type(HbaRule.Type.HOSTSSL).address("10.0.0.0/8").user("ci").allows());

    assertThat(rules().admitsCancelFrom(OFFICE.address())).isTrue();
    assertThat(rules().admitsCancelFrom(ELSEWHERE.address())).isFalse();
  }

  @Test
  void whoWantsAnEnvironmentMustBeAbleToConnectToIt() {
    rules.add(new Rule().user("ci").database("crm").rejects());
    rules.add(new Rule().user("ci").environment("ci-*").database("shop").allows());
    rules.add(new Rule().user("ci").environment("pr-*").rejects());
    rules.add(new Rule().type(HbaRule.Type.HOSTSSL).user("ann").allows());

    assertThat(rules().refusal(OFFICE, "ci", "ci-1")).isNull();
    assertThat(message(rules().refusal(OFFICE, "ci", "pr-1")))
        .isEqualTo(
            "listen.hba rejects connection for host \"10.1.2.3\", user \"ci\", environment"
                + " \"pr-1\", no encryption");
    assertThat(message(rules().refusal(OFFICE, "ci", "qa-1")))
        .startsWith("no listen.hba entry for host \"10.1.2.3\", user \"ci\", environment \"qa-1\"");
    assertThat(hint(rules().refusal(OFFICE, "ann", "qa-1")))
        .isEqualTo("Connect with sslmode=require: inside TLS it is let in.");
    assertThat(rules().refusal(OFFICE_TLS, "ann", "qa-1")).isNull();
    assertThat(new AccessRules(null).refusal(ELSEWHERE, "ci", "pr-1")).isNull();
  }

  private boolean isAdmitted(Origin origin, String login, String environment, String database) {
    return rules().refusal(origin, route(login, environment, database)) == null;
  }

  private static @Nullable String message(@Nullable ErrorResponse refusal) {
    return requireNonNull(refusal).message();
  }

  private static @Nullable String hint(@Nullable ErrorResponse refusal) {
    return requireNonNull(refusal).hint();
  }

  private static Origin origin(String address, boolean encrypted) {
    return new Origin(new InetSocketAddress(InetAddress.ofLiteral(address), 5), encrypted);
  }

  private static Route route(String login, String environment, String database) {
    return route(login, environment, database, Map.of());
  }

  private static Route route(
      String login, String environment, String database, Map<String, String> parameters) {
    return new EnvironmentRoute(
        environment, "prod", database, database, null, login, 0, parameters);
  }

  private static Route nowhere(String login) {
    return new RefusedRoute(login, "prod", 0, ErrorResponse.fatal("3D000", "no", null, null));
  }

  /** One being made; asks for nothing at first. */
  private static final class Rule {
    private HbaRule.Type type = HbaRule.Type.HOST;
    private final List<NameGlob> databases = new ArrayList<>();
    private final List<NameGlob> users = new ArrayList<>();
    private final List<NamePattern> environments = new ArrayList<>();
    private final List<AddressBlock> addresses = new ArrayList<>();

    Rule type(HbaRule.Type value) {
      type = value;
      return this;
    }

    Rule database(String value) {
      databases.add(new NameGlob(value));
      return this;
    }

    Rule user(String value) {
      users.add(new NameGlob(value));
      return this;
    }

    Rule environment(String value) {
      environments.add(new NamePattern(value));
      return this;
    }

    Rule address(String value) {
      int slash = value.indexOf('/');
      InetAddress first = InetAddress.ofLiteral(slash < 0 ? value : value.substring(0, slash));
      int length = slash < 0 ? 32 : Integer.parseInt(value.substring(slash + 1));
      addresses.add(new AddressBlock(first, length));
      return this;
    }

    HbaRule allows() {
      return new HbaRule(type, databases, users, environments, addresses, HbaRule.Method.ALLOW);
    }

    HbaRule rejects() {
      return new HbaRule(type, databases, users, environments, addresses, HbaRule.Method.REJECT);
    }
  }
}
