package dev.understudy.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;

/** Reads {@code listen}. */
final class ListenReader {
  private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
  private static final Duration MOST_TIMEOUT = Duration.ofHours(1);

  private final Section section;
  private final HbaReader hba;

  ListenReader(Section section) {
    this.section = section;
    this.hba = new HbaReader(section);
  }

  Listen read() {
    String host = section.text("host", "127.0.0.1");
    Section tlsSection = section.section("tls");
    Tls tls = new TlsReader(tlsSection).read();
    if (!host.matches("[A-Za-z0-9.:_-]+")) {
      section.error("host", "'" + host + "' is not a host name or address; 0.0.0.0 means all");
    } else if (!isLoopback(host) && !tlsSection.has("mode")) {
      section.error(
          "host",
          "'"
              + host
              + "' can be reached from other hosts; write listen.tls.mode = require, with a"
              + " certificate, or listen.tls.mode = off (with a certificate also allow) if"
              + " passwords' SCRAM exchange and data may travel unencrypted, or listen on"
              + " 127.0.0.1");
    }
    Listen listen =
        new Listen(
            host,
            section.integer("port", 6432, 0, 65_535),
            section.integer("max-connections", 1_000, 1, 100_000),
            section.duration(
                "startup-timeout", Duration.ofSeconds(60), LEAST_TIMEOUT, MOST_TIMEOUT),
            section.duration("create-timeout", Duration.ofSeconds(60), LEAST_TIMEOUT, MOST_TIMEOUT),
            section.duration("drain-timeout", Listen.DRAIN_TIMEOUT, Duration.ZERO, MOST_TIMEOUT),
            tls,
            new ProxyProtocolReader(section).read(),
            admission());
    section.refuseUnknown();
    return listen;
  }

  private Admission admission() {
    boolean throttled = section.choice("throttle", Map.of("on", true, "off", false), true);
    return new Admission(hba.read(), throttled);
  }

  /** What only the settings as a whole can show. */
  void warn(Settings settings) {
    hba.warn(settings);
  }

  /** Without asking a name server: a name other than localhost may be any address tomorrow. */
  static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
