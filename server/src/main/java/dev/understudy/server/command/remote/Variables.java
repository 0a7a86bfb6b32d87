package dev.understudy.server.command.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.server.CommandException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program is told about the environment that it is to use, in the variables that libpq, and
 * most frameworks, look at. No password is among them.
 */
final class Variables {
  private static final Pattern SSL_MODE = Pattern.compile("(?:^|&)sslmode=([a-z-]+)");

  private Variables() {}

  /**
   * Of the connection strings that the API gives for an environment.
   *
   * @param urls by tool; null for one that needs a database where none is known
   * @param form the tool whose connection string {@code DATABASE_URL} is
   * @throws CommandException if it has none
   */
  static Map<String, String> of(String environment, JsonNode urls, String form)
      throws CommandException {
    if (!urls.path(form).isTextual()) {
      throw new CommandException(
          "environment \"" + environment + "\" has no connection string for " + form,
          "Give --database.",
          null);
    }
    URI uri = URI.create(urls.path("url").asText());
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("UNDERSTUDY_ENVIRONMENT", environment);
    variables.put("DATABASE_URL", urls.path(form).asText());
    if (urls.path("jdbc").isTextual()) {
      variables.put("JDBC_DATABASE_URL", urls.path("jdbc").asText());
    }
    String host = uri.getHost();
    variables.put("PGHOST", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    variables.put("PGPORT", String.valueOf(uri.getPort()));
    variables.put("PGUSER", URLDecoder.decode(uri.getRawUserInfo(), UTF_8));
    variables.put("PGDATABASE", URLDecoder.decode(uri.getRawPath().substring(1), UTF_8));
    Matcher mode = SSL_MODE.matcher(uri.getRawQuery() == null ? "" : uri.getRawQuery());
    if (mode.find()) {
      variables.put("PGSSLMODE", mode.group(1));
    }
    return variables;
  }
}
