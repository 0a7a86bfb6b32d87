package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static final int SEGMENT = 16 << 20;
  private static final KnownSettings KNOWN =
      new KnownSettings(
          Set.of(
              "shared_buffers",
              "fsync",
              "work_mem",
              "timezone",
              "archive_command",
              "wal_level",
              "min_wal_size",
              "max_wal_size",
              "shared_preload_libraries",
              "max_wal_senders",
              "session_preload_libraries",
              "ssl_cert_file",
              "max_stack_depth"));

  @TempDir private Path home;

  @Test
  void whatIsOursWinsOverWhatIsCarried() {
    assertThat(text(Map.of("work_mem", "4096", "fsync", "on", "TimeZone", "Europe/Berlin")))
        .contains("work_mem = '4096'\n")
        .contains("timezone = 'Europe/Berlin'\n")
        .contains("fsync = 'off'\n")
        .doesNotContain("fsync = 'on'");
  }

  @Test
  void leavesOutWhatTheVersionDoesNotKnow() {
    assertThat(text(Map.of("from_a_later_version", "1"))).doesNotContain("from_a_later_version");
    assertThat(text(Map.of())).doesNotContain("io_method").doesNotContain("autovacuum");
  }

  @Test
  void leavesOutWhatIsBoundToProductionsHost() {
    String text =
        text(
            Map.of(
                "archive_command", "scp %p prod:",
                "session_preload_libraries", "x",
                "ssl_cert_file", "/etc/ssl/x",
                "max_stack_depth", "999999",
                "include", "/etc/evil.conf"));

    assertThat(text)
        .doesNotContain("archive_command")
        .doesNotContain("session_preload")
        .doesNotContain("ssl_cert_file")
        .doesNotContain("max_stack_depth")
        .doesNotContain("evil");
  }

  @Test
  void namesThatAreNoNamesAreDropped() {
    assertThat(text(Map.of("a.b\ninclude = '/etc/evil.conf'\nc.d", "x"))).doesNotContain("evil");
    assertThat(text(Map.of("app.tenant", "x"))).contains("app.tenant = 'x'\n");
  }

  @Test
  void preloadsOnlyWhatLooksAndIsInstalled() throws Exception {
    Files.createDirectories(home.resolve("lib"));
    Files.createFile(home.resolve("lib/pg_stat_statements.so"));
    Files.createFile(home.resolve("lib/pg_cron.so"));

    assertThat(
            text(
                Map.of(
                    "shared_preload_libraries",
                    "pg_cron, \"$libdir/pg_stat_statements\", auto_explain,pg_stat_statements")))
        .contains("shared_preload_libraries = 'pg_stat_statements'\n");
  }

  @Test
  void walIsAtLeastReplicaAndFitsItsSegments() {
    assertThat(text(Map.of("wal_level", "minimal", "max_wal_senders", "0")))
        .contains("wal_level = 'replica'\n")
        .contains("max_wal_senders = '10'\n");
    assertThat(text(Map.of("wal_level", "logical", "max_wal_senders", "25")))
        .contains("wal_level = 'logical'\n")
        .contains("max_wal_senders = '25'\n");
    assertThat(file().text(new ServerConfiguration(true, Map.of()), 1 << 30))
        .contains("min_wal_size = '2048MB'\n")
        .contains("max_wal_size = '4096MB'\n")
        .contains("fsync = 'on'\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "plain, 'plain'",
        "it's, 'it''s'",
        "a\\b, 'a\\\\b'",
        "\"a\nb\", 'a\\012b'",
        "\"', include = 'x\", \"''', include = ''x'\"",
        "Zürich, 'Zürich'"
      })
  void quotes(String value, String quoted) {
    assertThat(ConfigurationFile.quote(value)).isEqualTo(quoted);
  }

  private String text(Map<String, String> carried) {
    return file().text(new ServerConfiguration(false, carried), SEGMENT);
  }

  private ConfigurationFile file() {
    return new ConfigurationFile(KNOWN, new PreloadLibraries(home));
  }
}
