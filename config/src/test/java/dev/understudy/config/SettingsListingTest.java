package dev.understudy.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsListingTest {
  @TempDir private Path directory;

  @Test
  void hasEveryKeyOfThePage() throws Exception {
    SortedSet<String> listed =
        listing(SettingsFileTest.EVERY_KEY).stream()
            .map(setting -> general(setting.key()))
            .collect(Collectors.toCollection(TreeSet::new));
    SortedSet<String> documented = ConfigurationPageTest.documented();

    assertThat(listed).isEqualTo(documented);
  }

  @Test
  void saysAsThePageDoesWhatAReloadChanges() throws Exception {
    String page = Files.readString(ConfigurationPageTest.PAGE);
    for (Setting setting : listing(SettingsFileTest.EVERY_KEY)) {
      int begin = page.indexOf("\n### `" + general(setting.key()) + "`");
      int end = page.indexOf("\n### ", begin + 1);
      String form = page.substring(begin, end < 0 ? page.length() : end);

      assertThat(setting.changeable())
          .as(setting.key())
          .isNotEqualTo(form.contains("Needs a restart."));
    }
  }

  @Test
  void showsValuesAsTheyAreWritten() throws Exception {
    Map<String, Setting> settings = byKey(listing(SettingsFileTest.EVERY_KEY));

    assertThat(settings.get("listen.max-connections"))
        .isEqualTo(new Setting("listen.max-connections", "50", "1000", true));
    assertThat(settings.get("listen.port"))
        .isEqualTo(new Setting("listen.port", "7000", "6432", false));
    assertThat(value(settings, "pool.min-free")).isEqualTo("30G");
    assertThat(value(settings, "environments.\"pr-*\".suspend-after")).isEqualTo("90s");
    assertThat(value(settings, "environments.staging.drop-after")).isEqualTo("never");
    assertThat(value(settings, "environments.\"dev-{role}\".memory")).isEqualTo("2G");
    assertThat(value(settings, "sources.far.rate-limit")).isEqualTo("2M");
    assertThat(value(settings, "listen.hba.1.address"))
        .isEqualTo("[10.0.0.0/8, 2001:db8:0:0:0:0:0:0/32]");
    assertThat(value(settings, "sources.prod.mask.databases.shop.columns.\"public.customer.iban\""))
        .isEqualTo("{ partial { first = 4, last = 2 } }");
  }

  @Test
  void whatNobodyWritesIsItsDefault() throws Exception {
    for (Setting setting : listing(SettingsFileTest.MINIMAL)) {
      if (setting.otherwise() != null) {
        assertThat(setting.value()).as(setting.key()).isEqualTo(setting.otherwise());
      }
    }
  }

  @Test
  void keepsSecretsToItself() throws Exception {
    List<Setting> settings = listing(SettingsFileTest.EVERY_KEY);

    assertThat(settings.toString())
        .doesNotContain("SCRAM", "a key that is written out", "u:p@", "cp /usr/wal", "run, up");
    Map<String, Setting> all = byKey(settings);
    assertThat(value(all, "users.alice.password")).isEqualTo("***");
    assertThat(value(all, "sources.managed.url")).isEqualTo("postgresql://u@h/d");
    assertThat(value(all, "sources.prod.url")).isEqualTo("host=/run/pg user=backup");
  }

  private static Object value(Map<String, Setting> settings, String key) {
    assertThat(settings).containsKey(key);
    return String.valueOf(requireNonNull(settings.get(key)).value());
  }

  private static Map<String, Setting> byKey(List<Setting> settings) {
    return settings.stream().collect(Collectors.toMap(Setting::key, Function.identity()));
  }

  private static String general(String key) {
    return ConfigurationPageTest.general(key)
        .replaceFirst("(hba|certificates|after-create)\\.\\d+\\.", "$1.");
  }

  private List<Setting> listing(String settings) throws Exception {
    Path file = Files.writeString(directory.resolve("understudy.conf"), settings);
    return SettingsListing.of(SettingsFile.read(file, Map.of()).settings());
  }
}
