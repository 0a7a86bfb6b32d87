package dev.understudy.cloner.postgres;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The text of a {@code postgresql.conf} of ours. */
final class ConfigurationFile {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");
  private static final Pattern CUSTOM_NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)+");

  /** Bound to production's host, or able to keep a clone from starting here. */
  private static final Set<String> NEVER_CARRIED =
      Set.of(
          "config_file",
          "data_directory",
          "dynamic_library_path",
          "extension_control_path",
          "huge_page_size",
          "jit_provider",
          "krb_server_keyfile",
          "local_preload_libraries",
          "log_directory",
          "log_filename",
          "max_stack_depth",
          "oauth_validator_libraries",
          "session_preload_libraries",
          "stats_temp_directory",
          "syslog_facility",
          "syslog_ident");

  private final KnownSettings known;
  private final PreloadLibraries libraries;

  ConfigurationFile(KnownSettings known, PreloadLibraries libraries) {
    this.known = known;
    this.libraries = libraries;
  }

  /**
   * @param walSegmentSize of the cluster, in bytes
   */
  String text(ServerConfiguration configuration, int walSegmentSize) {
    Map<String, String> settings = carried(configuration.carried());
    ours(configuration, walSegmentSize)
        .forEach((name, value) -> {
          if (known.contains(name)) {
            settings.put(name, value);
          }
        });
    return lines(settings);
  }

  /** A file of these settings alone. */
  static String lines(Map<String, String> settings) {
    StringBuilder text = new StringBuilder("# Written by Understudy; not production's.\n");
    settings.forEach(
        (name, value) -> text.append(name).append(" = ").append(quote(value)).append('\n'));
    return text.toString();
  }

  private Map<String, String> carried(Map<String, String> carried) {
    Map<String, String> settings = new LinkedHashMap<>();
    new TreeMap<>(carried)
        .forEach((name, value) -> {
          if (isCarried(name)) {
            settings.put(name.toLowerCase(Locale.ROOT), value);
          }
        });
    return settings;
  }

  private boolean isCarried(String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    if (CUSTOM_NAME.matcher(name).matches()) {
      return true;
    }
    return NAME.matcher(name).matches()
        && known.contains(folded)
        && !NEVER_CARRIED.contains(folded)
        && !folded.startsWith("ssl_")
        && !folded.endsWith("_command");
  }

  private Map<String, String> ours(ServerConfiguration configuration, int walSegmentSize) {
    Map<String, String> carried = configuration.carried();
    String durable = configuration.durable() ? "on" : "off";
    long segment = walSegmentSize / 1024 / 1024;
    Map<String, String> ours = new LinkedHashMap<>();
    ours.put("fsync", durable);
    ours.put("synchronous_commit", "on");
    ours.put("full_page_writes", durable);
    ours.put("wal_init_zero", "off");
    ours.put("wal_recycle", "off");
    ours.put("min_wal_size", Math.max(32, 2 * segment) + "MB");
    ours.put("max_wal_size", Math.max(1024, 4 * segment) + "MB");
    ours.put("checkpoint_timeout", "30min");
    ours.put("shared_buffers", "32MB");
    ours.put("autovacuum", "on");
    ours.put("autovacuum_naptime", "10min");
    ours.put("io_method", "sync");
    // Without it, recovery of a copy with tablespaces gives up.
    ours.put("allow_in_place_tablespaces", "on");
    ours.put("shared_preload_libraries", libraries.allowed(carried));
    ours.put(
        "wal_level",
        carried.getOrDefault("wal_level", "").equals("logical") ? "logical" : "replica");
    ours.put("max_wal_senders", atLeastTen(carried.get("max_wal_senders")));
    ours.put("max_replication_slots", atLeastTen(carried.get("max_replication_slots")));
    return ours;
  }

  private static String atLeastTen(@org.jspecify.annotations.Nullable String carried) {
    boolean number = carried != null && carried.matches("[0-9]{1,6}");
    return Integer.toString(Math.max(10, number ? Integer.parseInt(carried) : 0));
  }

  /**
   * A value as guc-file.l reads it: no line feed may stand in quotes, and a backslash begins an
   * escape.
   */
  static String quote(String value) {
    StringBuilder quoted = new StringBuilder("'");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\'' -> quoted.append("''");
        case '\\' -> quoted.append("\\\\");
        default -> {
          if (c < ' ' || c == 0x7f) {
            quoted.append('\\').append(String.format("%03o", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('\'').toString();
  }
}
