package dev.understudy.proxy.console;

import dev.understudy.protocol.backend.ParameterStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of one session that drivers ask for, and cannot change here. */
final class Parameters {
  /** The oldest that is in use: psql warns of a server that is newer than itself. */
  static final String SERVER_VERSION = "14.0";

  private static final List<String> REPORTED =
      List.of(
          "server_version",
          "server_encoding",
          "client_encoding",
          "application_name",
          "is_superuser",
          "session_authorization",
          "DateStyle",
          "IntervalStyle",
          "TimeZone",
          "integer_datetimes",
          "standard_conforming_strings");

  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  Parameters(String login) {
    values.put("server_version", SERVER_VERSION);
    values.put("server_version_num", "140000");
    values.put("server_encoding", "UTF8");
    values.put("client_encoding", "UTF8");
    values.put("application_name", "");
    values.put("is_superuser", "off");
    values.put("session_authorization", login);
    values.put("DateStyle", "ISO, MDY");
    values.put("IntervalStyle", "postgres");
    values.put("TimeZone", "UTC");
    values.put("integer_datetimes", "on");
    values.put("standard_conforming_strings", "on");
    values.put("search_path", "public");
    values.put("transaction_isolation", "read committed");
    values.put("default_transaction_isolation", "read committed");
    values.put("transaction_read_only", "off");
    values.put("default_transaction_read_only", "off");
    values.put("in_hot_standby", "off");
    values.put("max_identifier_length", "63");
    values.put("max_index_keys", "32");
  }

  /** Null: there is none of that name, in whatever case. */
  @Nullable String get(String name) {
    return values.get(name);
  }

  /** What every session is told when it begins. */
  List<ParameterStatus> reported() {
    return REPORTED.stream()
        .map(name -> new ParameterStatus(name, values.getOrDefault(name, "")))
        .toList();
  }
}
