package dev.understudy.cloner.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExclusionsTest {
  private static Exclusions of(String... roles) {
    return new Exclusions(
        new SourceType.Dump(
            new Secret("postgresql://h"),
            1,
            List.of(),
            SourceType.Dump.OnError.BLOCK,
            Set.of("pgaudit"),
            Set.of("ops")),
        Set.of(roles));
  }

  @Test
  void aNameAloneMakesNoProvider() {
    Exclusions own = of("rds_reports", "app");

    assertThat(own.isRole("rds_reports")).isFalse();
    assertThat(own.isExtension("aws_s3", false)).isFalse();
    assertThat(own.isRole("ops")).isTrue();
    assertThat(own.isExtension("pgaudit", true)).isTrue();
  }

  @Test
  void aProvidersMarkMakesItsNamesItsOwn() {
    Exclusions amazon = of("rdsadmin", "app");

    assertThat(amazon.isRole("rds_superuser")).isTrue();
    assertThat(amazon.isRole("cloudsqlsuperuser")).isFalse();
    assertThat(amazon.isDatabase("rdsadmin")).isTrue();
    assertThat(amazon.isExtension("aws_s3", false)).isTrue();
    assertThat(amazon.isExtension("aws_s3", true)).isFalse();
    assertThat(of("cloudsqladmin").isRole("cloudsqlsuperuser")).isTrue();
    assertThat(of("azuresu").isDatabase("azure_maintenance")).isTrue();
    assertThat(of("supabase_admin").isRole("supabase_auth_admin")).isTrue();
    assertThat(of("supabase_admin").isRole("authenticated")).isFalse();
    assertThat(of("cloud_admin", "neon_superuser").isRole("cloud_admin")).isTrue();
  }
}
