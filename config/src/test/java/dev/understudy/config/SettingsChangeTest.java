package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsChangeTest {
  private static final String RUNNING =
      """
      understudy {
        listen { host = "0.0.0.0", tls { mode = require, certificate = /c, private-key = /k } }
        sources.prod { type = directory, directory = /srv/pg }
        environments {
          staging { source = prod, database = shop }
          "pr-*" { source = prod, database = shop }
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void nothingWaitsWhereNothingHasChanged() throws Exception {
    SettingsChange change = change(RUNNING, RUNNING);

    assertThat(change.waiting()).isEmpty();
    assertThat(change.settings()).isEqualTo(read(RUNNING));
  }

  @Test
  void tlsWaitsWithTheAddressThatNeedsIt() throws Exception {
    SettingsChange change =
        change(
            RUNNING,
            RUNNING.replace(
                "host = \"0.0.0.0\", tls { mode = require, certificate = /c, private-key = /k }",
                "host = \"127.0.0.1\", max-connections = 7"));

    assertThat(change.waiting()).containsExactly("listen.host", "listen.tls");
    assertThat(change.settings().listen().tls()).isEqualTo(read(RUNNING).listen().tls());
    assertThat(change.settings().listen().host()).isEqualTo("0.0.0.0");
    assertThat(change.settings().listen().maxConnections()).isEqualTo(7);
  }

  @Test
  void aNewSourceWaitsWithItsPatterns() throws Exception {
    SettingsChange change =
        change(
            RUNNING,
            RUNNING
                .replace(
                    "environments {",
                    "sources.other { type = directory, directory = /srv/o }\nenvironments {")
                .replace("staging { source = prod", "staging { source = other")
                .replace("\"pr-*\"", "\"qa-*\" { source = other }, \"ci-*\""));

    assertThat(change.waiting())
        .containsExactly("sources.other", "environments.\"staging\"", "environments.\"qa-*\"");
    assertThat(change.settings().sources()).containsOnlyKeys("prod");
    assertThat(change.settings().environments())
        .extracting(policy -> policy.pattern() + " of " + policy.source())
        .containsExactly("staging of prod", "ci-* of prod");
  }

  @Test
  void aSourceThatIsGoneStaysUntilThen() throws Exception {
    String two =
        RUNNING.replace(
            "environments {",
            "sources.other { type = directory, directory = /srv/o }\nenvironments {");
    SettingsChange change = change(two, RUNNING);

    assertThat(change.waiting()).containsExactly("sources.other");
    assertThat(change.settings().sources()).containsOnlyKeys("prod", "other");
  }

  @Test
  void ofASourceTheWayStaysAndTheRestChanges() throws Exception {
    SettingsChange change =
        change(RUNNING, RUNNING.replace("directory = /srv/pg", "directory = /srv/new, spares = 3"));

    assertThat(change.waiting()).containsExactly("sources.prod.directory");
    Source prod = change.settings().sources().get("prod");
    assertThat(prod)
        .isEqualTo(
            new Source(
                "prod",
                new SourceType.Directory(Path.of("/srv/pg"), null, false),
                SnapshotPolicy.DEFAULT,
                Fidelity.DEFAULT,
                null,
                3));
  }

  private SettingsChange change(String running, String wanted) throws Exception {
    return SettingsChange.of(read(running), read(wanted));
  }

  private Settings read(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("one.conf"), text);
    return SettingsFile.read(file, Map.of()).settings();
  }
}
