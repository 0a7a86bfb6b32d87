package dev.understudy.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Of each key, docs/configuration.md says rightly whether a change of it needs a restart. */
class ReloadedKeysTest {
  private static final String MARK = "Needs a restart.";

  /** Where leaving a key out is an error, or makes no difference: what is written instead. */
  private static final Map<String, Change> CHANGES =
      Map.ofEntries(
          change(
              "listen.proxy-protocol",
              "proxy-protocol = required, proxy-protocol-senders = [^\n]*",
              "proxy-protocol = off"),
          change("listen.hba.type", "type = hostssl", "type = host"),
          change("listen.hba.database", "shop, replication", "shop"),
          change("listen.hba.user", "ci_\\*", "cd_*"),
          change(
              "listen.hba.environment", "environment = \\[\"pr-\\*\"]", "environment = [\"cd-*\"]"),
          change("listen.hba.address", "10.0.0.0/8", "10.0.0.0/9"),
          change("listen.hba.method", "method = allow", "method = reject"),
          change("listen.tls.certificates.certificate", "/etc/no2.crt", "/etc/other.crt"),
          change("listen.tls.certificates.private-key", "/etc/no2.key", "/etc/other.key"),
          change("listen.proxy-protocol-senders", "10.1.0.0/16", "10.2.0.0/16"),
          change(
              "listen.tls.mode",
              "mode = require, certificate = /etc/no",
              "mode = allow, certificate = /etc/no"),
          change(
              "http.tls.mode",
              "mode = require, certificate = /etc/http",
              "mode = off, certificate = /etc/http"),
          change("http.tls.certificate", "/etc/http.crt", "/etc/other.crt"),
          change("http.tls.private-key", "/etc/http.key", "/etc/other.key"),
          change("http.tokens.*.hash", "sha256:0", "sha256:f"),
          change("http.webhooks.*.type", "type = gitlab", "type = github"),
          change("http.webhooks.*.secret", "secret = \"0123", "secret = \"9123"),
          change("http.webhooks.*.environments", "mr-\\{number", "pr-{number"),
          change("listen.tls.certificate", "/etc/no.crt", "/etc/other.crt"),
          change("listen.tls.private-key", "/etc/no.key", "/etc/other.key"),
          change("users.*.password", "password = \"[^\"]*\"", "password = plain"),
          change(
              "sources.*.type",
              "(?s)type = dump, url = (\"[^\"]*\").*?dba]",
              "type = standby, url = $1"),
          change("sources.*.directory", "directory = /srv/pg", "directory = /srv/other"),
          change("environments.*.source", "source = prod, suspend", "source = far, suspend"),
          change("environments.*.hooks.after-create.sql", "/srv/seed.sql", "/srv/other.sql"),
          change("environments.*.hooks.after-create.command", "run, up]", "run, down]"),
          change("environments.*.hooks.after-create.directory", "/srv/migrate }", "/srv }"),
          change("environments.*.hooks.after-create.database", "database = crm", "database = shop"),
          change("sources.*.mask.databases.*.columns.*", "email\" = email", "email\" = null"));

  @TempDir private Path directory;

  /** Of a regular expression. */
  private record Change(String from, String to) {}

  private static Map.Entry<String, Change> change(String key, String from, String to) {
    return Map.entry(key, new Change(from, to));
  }

  @TestFactory
  Stream<DynamicTest> thePageSaysWhichKeysNeedARestart() throws Exception {
    Problems problems = new Problems();
    Settings running = read(ConfigFactory.parseString(SettingsFileTest.EVERY_KEY), problems);
    SortedSet<String> keys = new TreeSet<>(ConfigurationPageTest.documented());
    return keys.stream()
        .map(key ->
            DynamicTest.dynamicTest(
                key, () -> assertSaysRightly(key, running, problems.knownKeys())));
  }

  private void assertSaysRightly(String key, Settings running, SortedSet<String> known)
      throws Exception {
    Settings wanted =
        changed(key, running, known)
            .orElseThrow(() -> new AssertionError("no change of " + key + " is known here"));

    SettingsChange change = SettingsChange.of(running, wanted);

    if (needsRestart(key)) {
      assertThat(change.settings()).isEqualTo(running);
      assertThat(change.waiting())
          .singleElement()
          .satisfies(waiting ->
              assertThat(ConfigurationPageTest.general("understudy." + waiting)).isEqualTo(key));
    } else {
      assertThat(change.settings()).isEqualTo(wanted).isNotEqualTo(running);
      assertThat(change.waiting()).isEmpty();
    }
  }

  /** Settings in which nothing but that key is different. */
  private Optional<Settings> changed(String key, Settings running, SortedSet<String> known)
      throws Exception {
    if (CHANGES.containsKey(key)) {
      Change change = requireNonNull(CHANGES.get(key));
      String text = SettingsFileTest.EVERY_KEY.replaceAll(change.from(), change.to());
      return Optional.of(read(ConfigFactory.parseString(text), new Problems()));
    }
    Config every = ConfigFactory.parseString(SettingsFileTest.EVERY_KEY);
    List<String> same = new ArrayList<>(known);
    same.removeIf(concrete -> !ConfigurationPageTest.general(concrete).equals(key));
    for (String concrete : same) {
      try {
        Settings settings = read(every.withoutPath(concrete), new Problems());
        if (!settings.equals(running)) {
          return Optional.of(settings);
        }
      } catch (SettingsException e) {
        // It must be written there.
      }
    }
    return Optional.empty();
  }

  /** In the order that rendering makes of it, which is always the same. */
  private Settings read(Config config, Problems problems) throws IOException, SettingsException {
    Path file = Files.writeString(directory.resolve("one.conf"), config.root().render());
    return SettingsFile.read(file, Map.of(), problems).settings();
  }

  private static boolean needsRestart(String key) throws IOException {
    for (String form : Files.readString(ConfigurationPageTest.PAGE).split("(?m)^### ", -1)) {
      if (form.startsWith("`" + key + "`")) {
        return form.contains(MARK);
      }
    }
    throw new AssertionError("there is no form for " + key);
  }
}
