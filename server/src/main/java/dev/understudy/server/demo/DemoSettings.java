package dev.understudy.server.demo;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Http;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Settings;
import dev.understudy.config.Settings.CredentialSource;
import dev.understudy.config.Settings.Isolation;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.config.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings that the demo's daemon runs with. */
final class DemoSettings {
  private static final String SOURCE = "prod";

  private DemoSettings() {}

  /**
   * @param home installation whose {@code bin/} holds {@code postgres}
   * @param certificate for clients that ask for TLS
   * @param http where the API listens, if it does
   * @param ciDropAfter idle time after which {@code ci-*} is dropped
   */
  static Settings of(
      Path dataDirectory,
      Path production,
      Path home,
      int port,
      Http http,
      CertificateFiles certificate,
      Isolation isolation,
      Duration ciDropAfter) {
    return new Settings(
        dataDirectory,
        isolation,
        null,
        new Listen(
            "127.0.0.1",
            port,
            1_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            new Tls(certificate, List.of(), null, false)),
        http,
        List.of(CredentialSource.USERS, CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of(SOURCE, new Source(SOURCE, new SourceType.Directory(production, null, false))),
        List.of(
            policy("staging", null),
            policy("pr-*", Duration.ofDays(3)),
            policy("ci-*", ciDropAfter)),
        Limits.NONE,
        // It fits where little is left; it is gone in an hour.
        new MinFree.Size(256L << 20),
        Settings.UNDROP_WINDOW,
        List.of(home));
  }

  private static EnvironmentPolicy policy(String pattern, @Nullable Duration dropAfter) {
    return new EnvironmentPolicy(
        new NamePattern(pattern), SOURCE, ShopProduction.DATABASE, dropAfter);
  }
}
