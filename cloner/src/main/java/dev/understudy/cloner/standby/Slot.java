package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.state.JsonFile;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The replication slot on production that is ours, if any: known by its record, so that it is
 * dropped in the end, and never one of somebody else's.
 */
record Slot(JsonFile<SlotRecord> record) {
  private static final String OBJECT_IN_USE = "55006";
  private static final String UNDEFINED_OBJECT = "42704";
  private static final int TRIES = 20;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** The name of the one that is ours. */
  Optional<SlotRecord> current() throws IOException {
    return record.exists() ? Optional.of(record.read()) : Optional.empty();
  }

  /**
   * Makes it, anew where it is ours already: what it kept for a copy of before is of no use.
   *
   * @param url of this production
   */
  void make(Connection production, String name, Secret url)
      throws SQLException, IOException, SourceException, InterruptedException {
    Optional<SlotRecord> before = current();
    if (before.isPresent()) {
      drop(production);
    }
    if (exists(production, name)) {
      throw new SourceException(
          Kind.SETTINGS,
          "production has a replication slot \"%s\" already, which is not ours".formatted(name),
          null,
          "Write another name in slot of the source; or, if nobody uses it,"
              + " SELECT pg_drop_replication_slot('%s'); on production.".formatted(name));
    }
    record.write(new SlotRecord(name, url.value()));
    create(production, name);
  }

  /**
   * Makes it again, if somebody has dropped it.
   *
   * @param url of this production now; with another password it could not be dropped one day
   */
  void remake(Connection production, Secret url) throws SQLException, IOException {
    Optional<SlotRecord> ours = current();
    if (ours.isEmpty()) {
      return;
    }
    String name = ours.get().name();
    if (!ours.get().url().equals(url.value())) {
      record.write(new SlotRecord(name, url.value()));
    }
    if (!exists(production, name)) {
      create(production, name);
    }
  }

  private static void create(Connection production, String name) throws SQLException {
    call(production, "SELECT pg_create_physical_replication_slot(?, true)", name);
  }

  /**
   * Drops it, if there is one. Waits a little for who uses it: a copy of ours that is given up and
   * tries to connect again and again.
   */
  void drop(Connection production) throws SQLException, IOException, InterruptedException {
    Optional<SlotRecord> ours = current();
    if (ours.isEmpty()) {
      return;
    }
    for (int attempt = 1; !isDropped(production, ours.get().name(), attempt == TRIES); attempt++) {
      Thread.sleep(PAUSE);
    }
    record.delete();
  }

  /** False while it is in use, unless this is the last attempt. */
  private static boolean isDropped(Connection production, String name, boolean last)
      throws SQLException {
    try {
      call(production, "SELECT pg_drop_replication_slot(?)", name);
      return true;
    } catch (SQLException e) {
      if (UNDEFINED_OBJECT.equals(e.getSQLState())) {
        return true; // somebody was faster
      }
      if (last || !OBJECT_IN_USE.equals(e.getSQLState())) {
        throw e;
      }
      return false;
    }
  }

  /** Words of {@code pg_replication_slots.wal_status}; null where there is no such slot. */
  @Nullable String walStatus(Connection production) throws SQLException, IOException {
    Optional<SlotRecord> ours = current();
    if (ours.isEmpty()) {
      return null;
    }
    try (PreparedStatement statement =
        production.prepareStatement(
            "SELECT wal_status FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, ours.get().name());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  private static boolean exists(Connection production, String name) throws SQLException {
    try (PreparedStatement statement =
        production.prepareStatement("SELECT FROM pg_replication_slots WHERE slot_name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static void call(Connection production, String function, String name)
      throws SQLException {
    try (PreparedStatement statement = production.prepareStatement(function)) {
      statement.setString(1, name);
      statement.execute();
    }
  }
}
