package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Http;
import java.net.InetAddress;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this host may be called in URLs: by any address, {@code localhost}, and the names of the
 * settings. A page of another site reaches it under that site's name only (DNS rebinding), so that
 * its requests are known by that.
 */
final class HostNames {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::\\d{1,5})?");

  private final Supplier<Http> settings;

  HostNames(Supplier<Http> settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  /**
   * Whether a client means this host.
   *
   * @param authority host and, maybe, port; null: the client says none
   */
  boolean covers(@Nullable String authority) {
    Matcher matcher = authority == null ? null : AUTHORITY.matcher(authority);
    if (matcher == null || !matcher.matches()) {
      return false;
    }
    String host = matcher.group(1).toLowerCase(Locale.ROOT);
    Http now = settings.get();
    return host.equals("localhost")
        || host.equals(now.host().toLowerCase(Locale.ROOT))
        || now.names().contains(host)
        || isAddress(host);
  }

  private static boolean isAddress(String host) {
    String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      InetAddress _ = InetAddress.ofLiteral(literal);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
