package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.config.SourceType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings with which a server of ours follows production. A command that fetches WAL may hold
 * a password: it is in a file of the replica, which a snapshot replaces; all others are given by
 * {@code -c}.
 *
 * @param role whom production lets follow it
 * @param following what decides whom it follows, and how
 */
record FollowSettings(String role, Map<String, String> following) {
  private static final String RESTORE = "restore_command";
  private static final int LEAST_SENDERS = 10;

  FollowSettings {
    requireNonNull(role, "role is null");
    following = Map.copyOf(following);
  }

  /**
   * For one source.
   *
   * @param slot the one that there is for it; null for none
   * @param shown where the server sees what its {@link Secrets} and production's socket are
   */
  static FollowSettings of(
      SourceType.Standby source,
      @Nullable String slot,
      ConnectionUrl url,
      String user,
      Map<String, Path> shown) {
    Map<String, String> following = new HashMap<>();
    following.put("primary_conninfo", conninfo(url, user, shown).text());
    following.put("primary_slot_name", orEmpty(slot));
    following.put(RESTORE, orEmpty(source.restoreCommand()));
    return new FollowSettings(user, following);
  }

  private static Conninfo conninfo(ConnectionUrl url, String user, Map<String, Path> shown) {
    Path secrets = shown.getOrDefault(Reaches.SECRETS, Path.of("/"));
    return Conninfo.of(url, user, secrets, shown.get(Reaches.PRODUCTION));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * For a start on this data. A hot standby needs as much of everything as production has, which
   * the control file tells.
   */
  Map<String, String> critical(PgControl control, int major) {
    Map<String, String> critical = new LinkedHashMap<>(following);
    critical.remove(RESTORE);
    critical.putAll(sizes(control));
    critical.put("hot_standby", "on");
    critical.put("hot_standby_feedback", "off");
    critical.put("recovery_target_timeline", "latest");
    critical.put("wal_retrieve_retry_interval", "1s");
    critical.put("shared_buffers", "128MB");
    // As LogWatch reads it.
    critical.put("lc_messages", "C");
    critical.put("log_min_messages", "warning");
    critical.put("log_statement", "none");
    critical.put("log_min_duration_statement", "-1");
    if (major >= 17) {
      critical.put("event_triggers", "off");
    }
    return critical;
  }

  /** What no command line may show. */
  Map<String, String> concealed() {
    return Map.of(RESTORE, following.getOrDefault(RESTORE, ""));
  }

  /** What must not be less than production's. */
  static Map<String, String> sizes(PgControl control) {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put("max_connections", Integer.toString(control.maxConnections()));
    sizes.put("max_worker_processes", Integer.toString(control.maxWorkerProcesses()));
    sizes.put(
        "max_wal_senders", Integer.toString(Math.max(LEAST_SENDERS, control.maxWalSenders())));
    sizes.put("max_prepared_transactions", Integer.toString(control.maxPreparedTransactions()));
    sizes.put("max_locks_per_transaction", Integer.toString(control.maxLocksPerTransaction()));
    return sizes;
  }
}
