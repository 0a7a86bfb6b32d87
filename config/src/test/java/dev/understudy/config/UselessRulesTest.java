package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UselessRulesTest {
  @TempDir Path directory;

  @Test
  void aRuleBehindAWiderOneIsWarnedOf() throws Exception {
    assertThat(
            warnings(
                """
                { address = ["10.0.0.0/8"], method = reject }
                { address = ["10.1.0.0/16"], user = [ci], method = allow }
                { method = allow }
                """))
        .containsExactly(
            "this rule never matches: rule 1 of the list matches all that it would match");
  }

  @Test
  void theWarningStandsWhereTheRuleDoes() throws Exception {
    Problem warning = read("{ method = allow }\n{ method = reject }", "").warnings().getFirst();

    assertThat(warning.line()).isEqualTo(4);
    assertThat(warning.key()).isEqualTo("understudy.listen.hba.method");
  }

  @Test
  void rulesForTlsThatThereIsNotAreWarnedOf() throws Exception {
    assertThat(warnings("{ type = hostssl, method = allow }\n{ method = reject }"))
        .containsExactly("this rule never matches: there is no TLS without listen.tls.certificate");
  }

  @Test
  void rulesForWhoHasNoTlsAreWarnedOfWhereItIsRequired() throws Exception {
    String tls =
        "listen.tls { mode = require, certificate = /etc/passwd, private-key = /etc/passwd }";

    assertThat(messages(read("{ type = hostnossl, method = reject }\n{ method = allow }", tls)))
        .containsExactly(
            "this rule never matches: listen.tls.mode = require refuses connections without TLS"
                + " before");
    assertThat(messages(read("{ type = hostssl, method = allow }", tls))).isEmpty();
  }

  @Test
  void environmentsThatCannotBeAreWarnedOf() throws Exception {
    assertThat(warnings("{ environment = [prod, \"ci-*\"], method = allow }"))
        .containsExactly("this rule never matches: no pattern of environments has such names");
    assertThat(
            warnings(
                """
                { environment = ["ci-*", staging], method = allow }
                { environment = ["pr-4*"], method = allow }
                { environment = ["s*g"], method = allow }
                { environment = ["dev-ann"], method = allow }
                { environment = ["*-ann"], method = allow }
                """))
        .isEmpty();
  }

  @Test
  void usersThatCannotBeAreWarnedOfWhereTheSettingsHaveThemAll() throws Exception {
    String rules = "{ user = [bob, \"c*\"], method = allow }\n{ user = [\"al*\"], method = allow }";
    String users = "users.alice.password = \"" + SettingsFileTest.VERIFIER + "\"";

    assertThat(messages(read(rules, users + ", authentication = [users]")))
        .containsExactly(
            "this rule never matches: users has no such name, and authentication has nobody else");
    assertThat(messages(read(rules, users))).isEmpty();
  }

  @Test
  void aListWithoutRulesIsWarnedOf() throws Exception {
    SettingsFile read = read("", "");

    assertThat(messages(read))
        .containsExactly("has no rule, so that nobody can connect; without the key everybody can");
    assertThat(read.settings().listen().admission().hba()).isEmpty();
  }

  private List<String> warnings(String rules) throws Exception {
    return messages(read(rules, ""));
  }

  private static List<String> messages(SettingsFile read) {
    return read.warnings().stream().map(Problem::message).toList();
  }

  /** The rules begin on the third line. */
  private SettingsFile read(String rules, String more) throws Exception {
    String text =
        """
        understudy {
          listen.hba = [
        %s
          ]
          %s
          sources.prod { type = directory, directory = /srv/pg }
          environments { staging {}, "pr-*" {}, "dev-{role}" {} }
        }
        """
            .formatted(rules, more);
    return SettingsFile.read(
        Files.writeString(directory.resolve("understudy.conf"), text), Map.of());
  }
}
