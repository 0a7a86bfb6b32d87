package dev.understudy.config;

import java.util.TreeMap;

/** The settings of {@code http}, for people. */
final class HttpListing {
  private final SettingsListing listing;

  HttpListing(SettingsListing listing) {
    this.listing = listing;
  }

  void add(Http http) {
    listing.fixed("http.enabled", http.enabled(), true);
    listing.fixed("http.host", http.host(), Http.DEFAULT.host());
    listing.fixed("http.port", http.port(), Http.PORT);
    listing.add("http.names", SettingsListing.list(http.names()), null);
    CertificateFiles tls = http.tls();
    listing.fixed(
        "http.tls.mode", tls == null ? "off" : "require", tls == null ? "off" : "require");
    listing.fixed("http.tls.certificate", tls == null ? null : tls.certificate(), null);
    listing.fixed("http.tls.private-key", tls == null ? null : tls.privateKey(), null);
    new TreeMap<>(http.tokens()).values().forEach(this::token);
    new TreeMap<>(http.webhooks()).values().forEach(this::webhook);
  }

  private void token(HttpToken token) {
    String name = token.name();
    listing.add(SettingsListing.path("http", "tokens", name, "hash"), SettingsListing.HIDDEN, null);
    listing.add(
        SettingsListing.path("http", "tokens", name, "role"),
        SettingsListing.word(token.role()),
        SettingsListing.word(HttpToken.Role.VIEWER));
    listing.add(SettingsListing.path("http", "tokens", name, "owner"), token.owner(), name);
    listing.add(
        SettingsListing.path("http", "tokens", name, "environments"),
        SettingsListing.list(token.environments()),
        null);
  }

  private void webhook(HttpWebhook webhook) {
    String name = webhook.name();
    listing.add(
        SettingsListing.path("http", "webhooks", name, "type"),
        SettingsListing.word(webhook.type()),
        null);
    listing.add(
        SettingsListing.path("http", "webhooks", name, "secret"), SettingsListing.HIDDEN, null);
    listing.add(
        SettingsListing.path("http", "webhooks", name, "repositories"),
        SettingsListing.list(webhook.repositories()),
        null);
    listing.add(
        SettingsListing.path("http", "webhooks", name, "environments"),
        SettingsListing.list(webhook.environments()),
        "[pr-" + HttpWebhook.NUMBER + "]");
  }
}
