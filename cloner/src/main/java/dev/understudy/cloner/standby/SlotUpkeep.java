package dev.understudy.cloner.standby;

import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that production has the slot that the settings ask for, and no other one of ours. */
final class SlotUpkeep {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(SlotUpkeep.class);

  private final String name;
  private final SourceType.Standby settings;
  private final Production production;
  private final ReplicaPlace place;
  private final Slot slot;
  private final boolean isolated;
  private boolean toldUnreserved;
  private boolean toldUnlimited;
  private boolean lost;

  /** Has our server let go of the slot, which nobody can drop while it is in use. */
  @FunctionalInterface
  interface Release {
    void run() throws SourceException, SQLException, IOException, InterruptedException;
  }

  SlotUpkeep(
      String name,
      SourceType.Standby settings,
      Production production,
      ReplicaPlace place,
      boolean isolated) {
    this.name = name;
    this.settings = settings;
    this.production = production;
    this.place = place;
    this.slot = new Slot(place.slot());
    this.isolated = isolated;
  }

  /** True if there is a slot, or should be one. */
  boolean concerns() throws IOException {
    return settings.slot() != null || slot.current().isPresent();
  }

  /** True if production has given up the slot, as the last {@link #run} has seen it. */
  boolean isLost() {
    return lost;
  }

  /** True if there is another slot than before, or none any more, and the server must know. */
  boolean run(Release release)
      throws SourceException, SQLException, IOException, InterruptedException {
    Optional<String> ours = slot.current().map(SlotRecord::name);
    Optional<String> wanted = Optional.ofNullable(settings.slot());
    lost = false;
    try (Connection connection = production.connect(ANSWER)) {
      return Talk.call(connection, () -> run(connection, ours, wanted, release));
    }
  }

  private boolean run(
      Connection connection, Optional<String> ours, Optional<String> wanted, Release release)
      throws SourceException, SQLException, IOException, InterruptedException {
    requireSameCluster(connection);
    StandbyPreflight preflight = new StandbyPreflight(production, connection, settings, isolated);
    if (wanted.isPresent() && !preflight.isSlotCapped()) {
      return doWithout(connection, ours, release);
    }
    toldUnlimited = false;
    if (ours.equals(wanted)) {
      slot.remake(connection, settings.url());
      look(connection);
      return false;
    }
    if (wanted.isEmpty()) {
      slot.drop(connection);
      LOG.info("source {}: slot {} is dropped on production", name, ours.orElse(""));
    } else {
      preflight.requireCappedSlot();
      slot.make(connection, wanted.get(), settings.url());
      LOG.info("source {}: slot {} is made on production", name, wanted.get());
    }
    return true;
  }

  /** Until production limits it again; the standby follows without it. */
  private boolean doWithout(Connection connection, Optional<String> ours, Release release)
      throws SourceException, SQLException, IOException, InterruptedException {
    if (ours.isPresent()) {
      release.run();
      slot.drop(connection);
    }
    if (!toldUnlimited) {
      LOG.warn(
          "source {}: max_slot_wal_keep_size is not set on production, whose disk a slot could"
              + " fill; the standby follows without one until it is{}",
          name,
          ours.map(dropped -> ". Slot " + dropped + " is dropped").orElse(""));
    }
    toldUnlimited = true;
    return ours.isPresent();
  }

  /** Nobody would ever read from a slot elsewhere, and one of our name there is not ours. */
  private void requireSameCluster(Connection connection)
      throws SQLException, SourceException, IOException {
    long known = place.record().read().systemIdentifier();
    long found = ReplicaBuild.systemIdentifier(connection);
    if (found != known) {
      throw ReplicaBuild.otherCluster(production, known, found, place);
    }
  }

  private void look(Connection connection) throws SQLException, IOException {
    String status = slot.walStatus(connection);
    lost = "lost".equals(status);
    boolean unreserved = lost || "unreserved".equals(status);
    if (unreserved && !toldUnreserved) {
      LOG.warn(
          "source {}: the slot on production has reached max_slot_wal_keep_size: {}", name, status);
    }
    toldUnreserved = unreserved;
  }
}
