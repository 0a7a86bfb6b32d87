package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.HbaRule.Method;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class HbaRuleTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("10.1.2.3");

  @Test
  void whatIsNotWrittenIsEverything() {
    HbaRule rule = rule(HbaRule.Type.HOST, List.of(), List.of(), List.of(), List.of());

    assertThat(rule.coversOrigin(HERE, false)).isTrue();
    assertThat(rule.coversOrigin(null, true)).isTrue();
    assertThat(rule.coversUser("any")).isTrue();
    assertThat(rule.coversEnvironment("any")).isTrue();
    assertThat(rule.coversDatabase("any")).isTrue();
    assertThat(rule.coversPhysicalReplication()).isTrue();
    assertThat(rule.isOfOriginAlone()).isTrue();
  }

  @Test
  void typesTellConnectionsWithTlsFromOthers() {
    for (boolean encrypted : List.of(true, false)) {
      assertThat(origin(HbaRule.Type.HOST).coversOrigin(HERE, encrypted)).isTrue();
      assertThat(origin(HbaRule.Type.HOSTSSL).coversOrigin(HERE, encrypted)).isEqualTo(encrypted);
      assertThat(origin(HbaRule.Type.HOSTNOSSL).coversOrigin(HERE, encrypted))
          .isEqualTo(!encrypted);
    }
  }

  @Test
  void whoHasNoAddressIsInNoBlock() {
    HbaRule rule =
        rule(HbaRule.Type.HOST, List.of(), List.of(), List.of(), List.of("0.0.0.0/0", "::/0"));

    assertThat(rule.coversOrigin(HERE, false)).isTrue();
    assertThat(rule.coversOrigin(null, false)).isFalse();
  }

  @Test
  void physicalReplicationIsNoDatabase() {
    assertThat(databases("shop", "rep*", "*").coversPhysicalReplication()).isFalse();
    assertThat(databases("shop", "replication").coversPhysicalReplication()).isTrue();
    assertThat(databases("replication").isOfOriginAlone()).isFalse();
  }

  @Test
  void coversARuleThatAsksForMore() {
    HbaRule wide =
        rule(
            HbaRule.Type.HOST,
            List.of("shop", "crm"),
            List.of("ci_*"),
            List.of("ci-*"),
            List.of("10.0.0.0/8"));
    HbaRule narrow =
        rule(
            HbaRule.Type.HOSTSSL,
            List.of("crm"),
            List.of("ci_1", "ci_2*"),
            List.of("ci-a*"),
            List.of("10.1.0.0/16", "10.2.0.1"));

    assertThat(wide.covers(narrow)).isTrue();
    assertThat(wide.covers(wide)).isTrue();
    assertThat(narrow.covers(wide)).isFalse();
    assertThat(
            Stream.of(
                rule(HbaRule.Type.HOST, List.of(), List.of(), List.of(), List.of("11.0.0.0/8")),
                rule(HbaRule.Type.HOST, List.of(), List.of(), List.of("dev-*"), List.of()),
                rule(HbaRule.Type.HOST, List.of(), List.of("x"), List.of(), List.of()),
                rule(HbaRule.Type.HOST, List.of("x"), List.of(), List.of(), List.of()),
                origin(HbaRule.Type.HOSTNOSSL)))
        .noneMatch(other -> other.covers(narrow));
  }

  @Test
  void noGlobCoversTheKeyword() {
    assertThat(databases("*").covers(databases("replication"))).isFalse();
    assertThat(databases("replication").covers(databases("replication"))).isTrue();
  }

  private static HbaRule origin(HbaRule.Type type) {
    return rule(type, List.of(), List.of(), List.of(), List.of());
  }

  private static HbaRule databases(String... databases) {
    return rule(HbaRule.Type.HOST, List.of(databases), List.of(), List.of(), List.of());
  }

  private static HbaRule rule(
      HbaRule.Type type,
      List<String> databases,
      List<String> users,
      List<String> environments,
      List<String> addresses) {
    return new HbaRule(
        type,
        databases.stream().map(NameGlob::new).toList(),
        users.stream().map(NameGlob::new).toList(),
        environments.stream().map(NamePattern::new).toList(),
        addresses.stream().map(AddressBlock::parse).toList(),
        Method.ALLOW);
  }
}
