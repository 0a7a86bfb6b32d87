package dev.understudy.cloner.postgres;

import dev.understudy.cloner.sandbox.Inside;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings given by {@code -c} at every start on copied data, where no file of the data can
 * change them: it talks to nobody, archives nothing, follows nobody and listens on one socket.
 */
final class QuietSettings {
  private QuietSettings() {}

  /**
   * @param critical further ones, which may replace these; of them, too, those that this version
   *     does not know are an error of the caller
   */
  static Map<String, String> of(Inside inside, KnownSettings known, Map<String, String> critical) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listen_addresses", "");
    // A list: an entry that holds a comma or a quotation mark must be quoted.
    String sockets = inside.sockets().toString();
    all.put("unix_socket_directories", '"' + sockets.replace("\"", "\"\"") + '"');
    all.put("unix_socket_permissions", "0700");
    all.put("unix_socket_group", "");
    all.put("port", "5432");
    // Whoever watches it starts it anew. By itself it may fail to, and then stays, and lets nobody
    // in.
    all.put("restart_after_crash", "off");
    all.put("ssl", "off");
    all.put("hba_file", inside.data().resolve("pg_hba.conf").toString());
    all.put("ident_file", inside.data().resolve("pg_ident.conf").toString());
    all.put("external_pid_file", "");
    all.put("logging_collector", "off");
    all.put("log_destination", "stderr");
    all.put("archive_mode", "off");
    all.put("archive_command", "");
    all.put("archive_library", "");
    all.put("restore_command", "");
    all.put("archive_cleanup_command", "");
    all.put("recovery_end_command", "");
    all.put("primary_conninfo", "");
    all.put("primary_slot_name", "");
    all.put("synchronous_standby_names", "");
    all.put("synchronized_standby_slots", "");
    all.put("sync_replication_slots", "off");
    all.put("max_logical_replication_workers", "0");
    all.put("recovery_init_sync_method", "syncfs");
    all.put("huge_pages", "off");
    all.put("shared_memory_type", "mmap");
    all.put("dynamic_shared_memory_type", "posix");
    all.keySet().removeIf(name -> !known.contains(name));
    all.putAll(critical);
    return all;
  }
}
