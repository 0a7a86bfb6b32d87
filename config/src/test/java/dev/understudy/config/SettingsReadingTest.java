package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Variables, includes, single settings that matter alone, and what is warned about. */
final class SettingsReadingTest {
  @TempDir Path directory;

  @Test
  void variablesAreReadAndNotWarnedAbout() throws Exception {
    String text =
        SettingsErrorsTest.withLine(
            "users.bob { password = ${BOB}, role = app }, listen.port = ${PORT}");
    SettingsFile read = SettingsFile.read(write(text), Map.of("BOB", "secret", "PORT", "7001"));

    assertThat(read.settings().users().get("bob"))
        .isEqualTo(new User("bob", new Secret("secret"), "app"));
    assertThat(read.settings().listen().port()).isEqualTo(7001);
    assertThat(read.warnings()).isEmpty();
  }

  @Test
  void aLaterValueThatRefersToAVariableOverridesTheEarlier() throws Exception {
    String text = SettingsErrorsTest.withLine("listen.port = 7000, listen.port = ${?PORT}");

    assertThat(SettingsFile.read(write(text), Map.of()).settings().listen().port()).isEqualTo(7000);
    assertThat(SettingsFile.read(write(text), Map.of("PORT", "7002")).settings().listen().port())
        .isEqualTo(7002);
  }

  @Test
  void plainPasswordsAreWarnedAboutButNotShown() throws Exception {
    String text = SettingsErrorsTest.withLine("users.bob { password = hunter2 }");
    SettingsFile read = SettingsFile.read(write(text), Map.of());

    assertThat(read.warnings()).hasSize(1);
    Problem warning = read.warnings().getFirst();
    assertThat(warning.key()).isEqualTo("understudy.users.bob.password");
    assertThat(warning.line()).isEqualTo(3);
    assertThat(warning.message()).contains("plain text").doesNotContain("hunter2");
    assertThat(read.settings().toString()).doesNotContain("hunter2");
  }

  @Test
  void patternThatOpensNamesOfAPersonalOneToAllIsWarnedAbout() throws Exception {
    String text =
        SettingsErrorsTest.withLine(
            "environments { \"dev-a*\" {}, \"dev-{role}\" {}, \"*\" {}, \"pr-xx*\" {} }");
    SettingsFile read = SettingsFile.read(write(text), Map.of());

    assertThat(read.warnings())
        .extracting(Problem::message)
        .containsExactly(
            "comes before \"dev-{role}\": names that match both are open to every role");
  }

  @Test
  void standbyNeedsNothingButAUrl() throws Exception {
    String text = SettingsErrorsTest.withLine("sources.b { type = standby, url = \"host=h\" }");

    assertThat(SettingsFile.read(write(text), Map.of()).settings().sources().get("b"))
        .extracting(Source::type)
        .isEqualTo(new SourceType.Standby(new Secret("host=h")));
  }

  @Test
  void snapshotsMayBeCutOnDemandOnly() throws Exception {
    String text = SettingsErrorsTest.withLine("sources.prod.snapshots.schedule = never");

    assertThat(SettingsFile.read(write(text), Map.of()).settings().sources().get("prod"))
        .extracting(Source::snapshots)
        .isEqualTo(new SnapshotPolicy(null, 3));
  }

  @Test
  void includesAreFollowed() throws Exception {
    Files.writeString(directory.resolve("prod.conf"), "prod { type = directory, directory = /d }");
    String text =
        """
        understudy {
          sources { include "prod.conf" }
          environments.staging { source = prod }
        }
        """;

    assertThat(SettingsFile.read(write(text), Map.of()).settings().sources().get("prod"))
        .isEqualTo(
            new Source(
                "prod",
                new SourceType.Directory(Path.of("/d"), null, false),
                SnapshotPolicy.DEFAULT,
                Fidelity.DEFAULT));
  }

  @Test
  void loopbackNeedsNoWordAboutTls() throws Exception {
    for (String host : List.of("127.0.0.1", "127.9.8.7", "localhost", "::1")) {
      String text = SettingsErrorsTest.withLine("listen.host = \"" + host + "\"");

      assertThat(SettingsFile.read(write(text), Map.of()).settings().listen().host())
          .isEqualTo(host);
    }
  }

  @Test
  void aCertificateMeansTlsForWhoWantsItUnlessToldOtherwise() throws Exception {
    assertThat(tls("")).isEqualTo(new Tls(Path.of("/c"), Path.of("/k"), false));
    assertThat(tls("mode = allow")).isEqualTo(new Tls(Path.of("/c"), Path.of("/k"), false));
    assertThat(tls("mode = require")).isEqualTo(new Tls(Path.of("/c"), Path.of("/k"), true));
    assertThat(tls("mode = off")).isNull();
  }

  @Test
  void theEngineOfTlsIsChosenUnlessItIsNamed() throws Exception {
    assertThat(tls("")).extracting(Tls::engine).isEqualTo(TlsEngine.AUTO);
    assertThat(tls("engine = auto")).extracting(Tls::engine).isEqualTo(TlsEngine.AUTO);
    assertThat(tls("engine = jdk")).extracting(Tls::engine).isEqualTo(TlsEngine.JDK);
    assertThat(tls("engine = boringssl")).extracting(Tls::engine).isEqualTo(TlsEngine.BORINGSSL);
  }

  @Test
  void whatIsWrittenOutAboutTlsOpensOtherHostsTheDoor() throws Exception {
    for (String mode : List.of("off", "allow", "require")) {
      String text =
          SettingsErrorsTest.withLine(
              "listen { host = \"::\", tls { certificate = /c, private-key = /k, mode = "
                  + mode
                  + " } }");

      assertThat(SettingsFile.read(write(text), Map.of()).settings().listen().host())
          .isEqualTo("::");
    }
  }

  private @Nullable Tls tls(String mode) throws Exception {
    String text =
        SettingsErrorsTest.withLine(
            "listen.tls { certificate = /c, private-key = /k, " + mode + " }");
    return SettingsFile.read(write(text), Map.of()).settings().listen().tls();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("understudy.conf"), text);
  }
}
