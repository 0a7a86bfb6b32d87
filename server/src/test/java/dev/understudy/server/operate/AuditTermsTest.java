package dev.understudy.server.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.CreateFrom;
import org.junit.jupiter.api.Test;

class AuditTermsTest {
  @Test
  void originsAreTold() {
    assertThat(AuditTerms.of(new CreateFrom.Policy(), false).text()).isEmpty();
    assertThat(AuditTerms.of(new CreateFrom.Source("prod"), true).text())
        .isEqualTo(" from_source=\"prod\" fresh=true");
    assertThat(AuditTerms.of(new CreateFrom.Snapshot("s1"), false).text())
        .isEqualTo(" from_snapshot=\"s1\"");
    assertThat(AuditTerms.of(new CreateFrom.Environment("pr-1"), false).text())
        .isEqualTo(" from_environment=\"pr-1\"");
  }

  @Test
  void nobodyWritesALineOfTheirOwn() {
    assertThat(AuditTerms.of(new CreateFrom.Snapshot("x\" outcome=done\nlogin="), false).text())
        .isEqualTo(" from_snapshot=\"x\\\" outcome=done?login=\"");
  }

  @Test
  void whatGoesWithoutSayingIsNotTold() {
    assertThat(AuditTerms.forced(false).text()).isEmpty();
    assertThat(AuditTerms.forced(true).text()).isEqualTo(" force=true");
    assertThat(AuditTerms.renamed("pr-1", "pr-1").text()).isEmpty();
    assertThat(AuditTerms.renamed("pr-1", "pr-2").text()).isEqualTo(" as=\"pr-2\"");
  }
}
