package dev.understudy.config;

import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.Settings.Isolation;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code understudy} whole, and checks what only the whole can show. */
final class SettingsReader {
  private static final Duration MOST_UNDROP_WINDOW = Duration.ofDays(365);
  private static final String DATA_DIRECTORY = "/var/lib/understudy";
  private static final Map<String, CredentialSource> CREDENTIAL_SOURCES =
      Map.of("users", CredentialSource.USERS, "production", CredentialSource.PRODUCTION);

  private final Section section;

  SettingsReader(Section section) {
    this.section = section;
  }

  /** What comes back is of use only if no problem was found. */
  Settings read() {
    Path dataDirectory = section.parsed("data-directory", Path.of(DATA_DIRECTORY), Paths::absolute);
    Isolation isolation =
        section.choice(
            "isolation",
            Map.of("required", Isolation.REQUIRED, "none", Isolation.NONE),
            Isolation.REQUIRED);
    boolean allowMd5 = section.flag("allow-md5");
    ListenReader listen = new ListenReader(section.section("listen"));
    Map<String, Source> sources = new SourcesReader(section).read(dataDirectory);
    Settings settings =
        new Settings(
            dataDirectory,
            isolation,
            runAs(),
            listen.read(),
            new HttpReader(section.section("http")).read(),
            authentication(),
            allowMd5,
            new UsersReader(section.section("users"), allowMd5).read(),
            section.parsed("schedule-timezone", ZoneOffset.UTC, SettingsReader::zone),
            sources,
            new EnvironmentsReader(section, sources.keySet()).read(),
            limits(section.section("limits")),
            minFree(),
            section.duration(
                "undrop-window", Settings.UNDROP_WINDOW, Duration.ZERO, MOST_UNDROP_WINDOW),
            binaries());
    listen.warn(settings);
    section.refuseUnknown();
    return settings;
  }

  private @Nullable String runAs() {
    String user = section.text("run-as");
    if (user == null) {
      return null;
    }
    if (user.equals("root") || user.matches("0+")) {
      section.error("run-as", "clones never run as root; name an ordinary user or uid");
    } else if (!user.matches("[a-z_][a-z0-9_-]{0,31}|[1-9]\\d{0,8}")) {
      section.error("run-as", "'" + user + "' is neither a user name nor a uid");
    }
    return user;
  }

  private List<CredentialSource> authentication() {
    List<CredentialSource> order = new ArrayList<>();
    for (String name : section.texts("authentication", List.of("users", "production"))) {
      CredentialSource source = CREDENTIAL_SOURCES.get(name);
      if (source == null) {
        section.error("authentication", "'" + name + "' is neither users nor production");
      } else if (order.contains(source)) {
        section.error("authentication", "'" + name + "' is in the list twice");
      } else {
        order.add(source);
      }
    }
    return order;
  }

  private static Limits limits(Section section) {
    int environments = QuotaReader.limit(section, "environments");
    int running = QuotaReader.limit(section, "running");
    int perRole = QuotaReader.limit(section, "per-role");
    section.refuseUnknown();
    return new Limits(environments, running, perRole);
  }

  private MinFree minFree() {
    Section pool = section.section("pool");
    MinFree minFree = pool.parsed("min-free", MinFree.DEFAULT, MinFree::parse);
    pool.refuseUnknown();
    return minFree;
  }

  private List<Path> binaries() {
    Section postgresql = section.section("postgresql");
    List<Path> homes = new ArrayList<>();
    for (String text : postgresql.texts("binaries", List.of())) {
      try {
        homes.add(Paths.absolute(text));
      } catch (IllegalArgumentException e) {
        postgresql.error("binaries", String.valueOf(e.getMessage()));
      }
    }
    postgresql.refuseUnknown();
    return homes;
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'%s' is no time zone; write for example Europe/Berlin".formatted(text), e);
    }
  }
}
