package dev.understudy.config;

import static java.util.stream.Collectors.joining;

import com.typesafe.config.ConfigUtil;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.Settings.Isolation;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All settings that a daemon goes by, for people: never a secret. */
public final class SettingsListing {
  static final String HIDDEN = "***";

  private final List<Setting> settings = new ArrayList<>();

  private SettingsListing() {}

  /** Those of the daemon first, then in the order of the settings file's sections. */
  public static List<Setting> of(Settings settings) {
    SettingsListing listing = new SettingsListing();
    listing.whole(settings);
    new ListenListing(listing).add(settings.listen());
    new HttpListing(listing).add(settings.http());
    new TreeMap<>(settings.users()).values().forEach(listing::user);
    settings.sources().values().forEach(new SourceListing(listing)::add);
    settings.environments().forEach(new EnvironmentListing(listing)::add);
    return Collections.unmodifiableList(listing.settings);
  }

  private void whole(Settings settings) {
    fixed("data-directory", settings.dataDirectory(), "/var/lib/understudy");
    fixed("isolation", word(settings.isolation()), word(Isolation.REQUIRED));
    fixed("run-as", settings.runAs(), null);
    fixed("postgresql.binaries", list(settings.postgresqlBinaries()), null);
    add("pool.min-free", minFree(settings.minFree()), minFree(MinFree.DEFAULT));
    add("schedule-timezone", zone(settings), "UTC");
    add(
        "undrop-window",
        DurationText.print(settings.undropWindow()),
        DurationText.print(Settings.UNDROP_WINDOW));
    add(
        "authentication",
        words(settings.authentication()),
        words(List.of(CredentialSource.USERS, CredentialSource.PRODUCTION)));
    add("allow-md5", settings.allowMd5(), false);
    Limits limits = settings.limits();
    add("limits.environments", limit(limits.environments()), limit(Integer.MAX_VALUE));
    add("limits.running", limit(limits.running()), limit(Integer.MAX_VALUE));
    add("limits.per-role", limit(limits.perRole()), limit(Integer.MAX_VALUE));
  }

  private static String zone(Settings settings) {
    return settings.scheduleTimezone().equals(ZoneOffset.UTC)
        ? "UTC"
        : settings.scheduleTimezone().toString();
  }

  private void user(User user) {
    add(path("users", user.name(), "password"), HIDDEN, null);
    add(path("users", user.name(), "role"), user.role(), user.name());
    add(path("users", user.name(), "admin"), user.administrator(), false);
  }

  /** One that a reload changes. */
  void add(String key, @Nullable Object value, @Nullable Object otherwise) {
    settings.add(new Setting(key, text(value), text(otherwise), true));
  }

  /** One that only a restart changes. */
  void fixed(String key, @Nullable Object value, @Nullable Object otherwise) {
    settings.add(new Setting(key, text(value), text(otherwise), false));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  static String path(String... elements) {
    return ConfigUtil.joinPath(elements);
  }

  /** As settings write the constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String words(Collection<? extends Enum<?>> constants) {
    return constants.stream().map(SettingsListing::word).collect(joining(", ", "[", "]"));
  }

  /** Null where there is nothing in it. */
  static @Nullable String list(Collection<?> values) {
    return values.isEmpty()
        ? null
        : values.stream().map(Object::toString).collect(joining(", ", "[", "]"));
  }

  static String limit(int number) {
    return number == Integer.MAX_VALUE ? "unlimited" : Integer.toString(number);
  }

  static String size(long bytes) {
    String units = "KMGT";
    int unit = -1;
    long number = bytes;
    while (number > 0 && number % 1024 == 0 && unit + 1 < units.length()) {
      number /= 1024;
      unit++;
    }
    return unit < 0 ? Long.toString(number) : number + units.substring(unit, unit + 1);
  }

  private static String minFree(MinFree minFree) {
    return switch (minFree) {
      case MinFree.Size(long bytes) -> size(bytes);
      case MinFree.Share(int percent, long atLeast, long atMost) ->
          percent
              + "%"
              + (atLeast == 0 ? "" : ", at least " + size(atLeast))
              + (atMost == Long.MAX_VALUE ? "" : ", at most " + size(atMost));
    };
  }
}
