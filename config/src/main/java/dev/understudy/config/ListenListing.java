package dev.understudy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of {@code listen}, for people. */
final class ListenListing {
  private final SettingsListing listing;

  ListenListing(SettingsListing listing) {
    this.listing = listing;
  }

  void add(Listen listen) {
    listing.fixed("listen.host", listen.host(), "127.0.0.1");
    listing.fixed("listen.port", listen.port(), 6432);
    listing.add("listen.max-connections", listen.maxConnections(), 1000);
    listing.add("listen.startup-timeout", DurationText.print(listen.startupTimeout()), "1m");
    listing.add("listen.create-timeout", DurationText.print(listen.createTimeout()), "1m");
    listing.add(
        "listen.drain-timeout",
        DurationText.print(listen.drainTimeout()),
        DurationText.print(Listen.DRAIN_TIMEOUT));
    ProxyProtocol proxyProtocol = listen.proxyProtocol();
    listing.add("listen.proxy-protocol", proxyProtocol == null ? "off" : "required", "off");
    listing.add(
        "listen.proxy-protocol-senders",
        proxyProtocol == null ? null : SettingsListing.list(proxyProtocol.senders()),
        null);
    tls(listen.tls());
    listing.add("listen.throttle", listen.admission().throttled() ? "on" : "off", "on");
    List<HbaRule> rules = listen.admission().hba();
    if (rules != null) {
      for (int i = 0; i < rules.size(); i++) {
        rule("listen.hba." + (i + 1) + ".", rules.get(i));
      }
    }
  }

  private void tls(@Nullable Tls tls) {
    String mode = tls == null ? "off" : tls.required() ? "require" : "allow";
    listing.add("listen.tls.mode", mode, tls == null ? "off" : "allow");
    listing.add("listen.tls.certificate", tls == null ? null : file(tls.certificate()), null);
    listing.add(
        "listen.tls.private-key", tls == null ? null : tls.certificate().privateKey(), null);
    listing.add(
        "listen.tls.engine",
        SettingsListing.word(tls == null ? TlsEngine.AUTO : tls.engine()),
        SettingsListing.word(TlsEngine.AUTO));
    listing.add("listen.tls.domain", tls == null ? null : tls.domain(), null);
    if (tls != null) {
      for (int i = 0; i < tls.others().size(); i++) {
        CertificateFiles files = tls.others().get(i);
        String prefix = "listen.tls.certificates." + (i + 1) + ".";
        listing.add(prefix + "certificate", files.certificate(), null);
        listing.add(prefix + "private-key", files.privateKey(), null);
      }
    }
  }

  private static Object file(CertificateFiles files) {
    return files.certificate();
  }

  private void rule(String prefix, HbaRule rule) {
    listing.add(
        prefix + "type",
        SettingsListing.word(rule.type()),
        SettingsListing.word(HbaRule.Type.HOST));
    listing.add(prefix + "database", SettingsListing.list(rule.databases()), null);
    listing.add(prefix + "user", SettingsListing.list(rule.users()), null);
    listing.add(prefix + "environment", SettingsListing.list(rule.environments()), null);
    listing.add(prefix + "address", SettingsListing.list(rule.addresses()), null);
    listing.add(prefix + "method", SettingsListing.word(rule.method()), null);
  }
}
