package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Limits;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsFile;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.config.Tls;
import dev.understudy.config.User;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpSettingsTest {
  private static final String KEY = "A".repeat(43) + "=";
  private static final String VERIFIER =
      "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2E=$%s:%s".formatted(KEY, KEY);

  @TempDir Path directory;

  @Test
  void isAFileThatServeTakes() throws Exception {
    Settings settings = read("standby", "postgresql://repl:pw@db.example.com/shop", "app", "shop");

    assertThat(settings.dataDirectory()).isEqualTo(Path.of("/srv/u"));
    assertThat(settings.listen().host()).isEqualTo("127.0.0.1");
    assertThat(settings.listen().port()).isEqualTo(7000);
    assertThat(settings.http().port()).isEqualTo(7001);
    assertThat(settings.listen().tls())
        .isEqualTo(new Tls(Path.of("/srv/u.crt"), Path.of("/srv/u.key"), false));
    assertThat(settings.users())
        .containsOnlyKeys("staging")
        .containsValue(new User("staging", new Secret(VERIFIER), "app"));
    assertThat(source(settings).type())
        .isInstanceOfSatisfying(
            SourceType.Standby.class,
            standby ->
                assertThat(standby.url().value())
                    .isEqualTo("postgresql://repl:pw@db.example.com/shop"));
    assertThat(settings.limits()).isEqualTo(new Limits(50, 10));
    assertThat(settings.environments()).hasSize(4);
    EnvironmentPolicy staging = policy(settings, "staging");
    assertThat(staging.lifetime().dropAfter()).isNull();
    assertThat(staging.refresh()).isEqualTo(RefreshPolicy.AFTER_SNAPSHOT);
    for (String name : new String[] {"pr-1", "ci-1", "dev-1"}) {
      assertThat(policy(settings, name).lifetime().dropAfter()).isNotNull();
    }
  }

  @Test
  void namesAreTakenAsTheyAre() throws Exception {
    String odd = "o\"dd\\ n${x}ame\n#";

    Settings settings = read("dump", "host=h dbname=d", odd, odd);

    assertThat(requireNonNull(settings.users().get("staging")).role()).isEqualTo(odd);
    assertThat(policy(settings, "pr-1").database()).isEqualTo(odd);
    assertThat(source(settings).type()).isInstanceOf(SourceType.Dump.class);
  }

  private static Source source(Settings settings) {
    return requireNonNull(settings.sources().get("prod"));
  }

  private static EnvironmentPolicy policy(Settings settings, String name) {
    return settings.environments().stream()
        .filter(policy -> policy.pattern().matches(name))
        .findFirst()
        .orElseThrow();
  }

  private Settings read(String type, String url, String role, String database) throws Exception {
    UpSettings settings =
        new UpSettings(
            Path.of("/srv/u"),
            7000,
            7001,
            new Secret(url),
            type,
            database,
            new Secret(VERIFIER),
            role,
            new CertificateFiles(Path.of("/srv/u.crt"), Path.of("/srv/u.key")));
    Path file = Files.writeString(directory.resolve("up.conf"), settings.text());
    return SettingsFile.read(file).settings();
  }
}
