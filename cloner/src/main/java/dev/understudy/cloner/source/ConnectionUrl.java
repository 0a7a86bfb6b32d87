package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection URI as libpq reads it: {@code postgresql://user:password@host:port/database?key=
 * value}, everything optional, everything percent-encoded, a host that begins with a slash being
 * the directory of a unix socket; or the same as {@code key=value} words. One host only.
 *
 * @param host null where the URI names none
 * @param port null where the URI names none
 * @param parameters ssl and the like, by libpq's names
 */
public record ConnectionUrl(
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String user,
    @Nullable Secret password,
    @Nullable String database,
    Map<String, String> parameters) {
  private static final Set<String> PASSED_ON =
      Set.of("sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding");
  private static final Set<String> OURS =
      Set.of("application_name", "fallback_application_name", "connect_timeout", "options");

  public ConnectionUrl {
    parameters = Map.copyOf(parameters);
  }

  /** A URI that says nothing: every part is the default. */
  static ConnectionUrl empty() {
    return new ConnectionUrl(null, null, null, null, null, Map.of());
  }

  public boolean isUnixSocket() {
    return host != null && host.startsWith("/");
  }

  /** Who is connected to what, and how. */
  public ConnectionUrl withoutPassword() {
    return new ConnectionUrl(host, port, user, null, database, parameters);
  }

  /**
   * Understands a URI.
   *
   * @throws IllegalArgumentException saying what is wrong; never quotes the URI, which may hold a
   *     password
   */
  public static ConnectionUrl parse(Secret secret) {
    if (!secret.value().contains("://") && secret.value().contains("=")) {
      return ofWords(ConnectionWords.parse(secret.value()));
    }
    String rest = withoutScheme(secret.value());
    Map<String, String> query = new LinkedHashMap<>();
    int question = rest.indexOf('?');
    if (question >= 0) {
      parseQuery(rest.substring(question + 1), query);
      rest = rest.substring(0, question);
    }
    int slash = rest.indexOf('/');
    if (slash >= 0) {
      putDecoded(query, "dbname", rest.substring(slash + 1));
      rest = rest.substring(0, slash);
    }
    int at = rest.lastIndexOf('@');
    if (at >= 0) {
      String userInfo = rest.substring(0, at);
      int colon = userInfo.indexOf(':');
      putDecoded(query, "user", colon < 0 ? userInfo : userInfo.substring(0, colon));
      putDecoded(query, "password", colon < 0 ? "" : userInfo.substring(colon + 1));
    }
    parseHost(rest.substring(at + 1), query);
    return of(query);
  }

  private static ConnectionUrl ofWords(Map<String, String> words) {
    String host = words.getOrDefault("hostaddr", words.getOrDefault("host", ""));
    if (host.contains(",")) {
      throw new IllegalArgumentException("it names several hosts; a source is one server");
    }
    return of(words);
  }

  private static String withoutScheme(String uri) {
    for (String scheme : new String[] {"postgresql://", "postgres://"}) {
      if (uri.startsWith(scheme)) {
        return uri.substring(scheme.length());
      }
    }
    throw new IllegalArgumentException("it does not begin with postgresql://");
  }

  private static void parseQuery(String text, Map<String, String> query) {
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("a parameter has no '='");
      }
      query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
  }

  private static void parseHost(String text, Map<String, String> query) {
    if (text.contains(",")) {
      throw new IllegalArgumentException("it names several hosts; a source is one server");
    }
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        throw new IllegalArgumentException("an IPv6 address does not end with ']'");
      }
      query.putIfAbsent("host", text.substring(1, end));
      parsePort(text.substring(end + 1), query);
    } else {
      int colon = text.indexOf(':');
      putDecoded(query, "host", colon < 0 ? text : text.substring(0, colon));
      parsePort(colon < 0 ? "" : text.substring(colon), query);
    }
  }

  private static void parsePort(String text, Map<String, String> query) {
    if (!text.isEmpty() && !text.startsWith(":")) {
      throw new IllegalArgumentException("something other than a port follows the host");
    }
    if (text.length() > 1) {
      query.putIfAbsent("port", text.substring(1));
    }
  }

  private static ConnectionUrl of(Map<String, String> query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    query.forEach((key, value) -> {
      if (PASSED_ON.contains(key)) {
        parameters.put(key, value);
      } else if (!OURS.contains(key)
          && !Set.of("host", "hostaddr", "port", "user", "password", "dbname").contains(key)) {
        throw new IllegalArgumentException("parameter '" + key + "' is not supported");
      }
    });
    String password = query.get("password");
    return new ConnectionUrl(
        query.get(query.containsKey("hostaddr") ? "hostaddr" : "host"),
        port(query.get("port")),
        query.get("user"),
        password == null ? null : new Secret(password),
        query.get("dbname"),
        parameters);
  }

  private static @Nullable Integer port(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException("the port is not a number from 1 to 65535");
    }
    return Integer.valueOf(text);
  }

  /** A part that the query names too is the query's, as with libpq. */
  private static void putDecoded(Map<String, String> query, String key, String encoded) {
    if (!encoded.isEmpty()) {
      query.putIfAbsent(key, decode(encoded));
    }
  }

  private static String decode(String encoded) {
    requireNonNull(encoded, "encoded is null");
    try {
      return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // The JDK's message quotes the text, and so would a cause.
      throw new IllegalArgumentException("a '%' is not followed by two hexadecimal digits");
    }
  }
}
