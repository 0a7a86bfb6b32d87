package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.LeftBehind;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Slots come and go with the settings, and where production limits what they keep. */
final class StandbySlotIT extends StandbyFixture {
  /** Whom nothing has to be taken from: no server uses the slot. */
  private static final SlotUpkeep.Release NOBODY = () -> {};

  @Test
  void slotComesAndGoesWithTheSettings() throws Exception {
    StandbySource with = stage.source(settings(null, "ours"));
    with.begin();
    stage.cut(with);
    StandbyStage.await("slot in use", () -> isActive("ours"));
    with.close();

    StandbySource renamed = stage.source(settings(null, "other"));
    renamed.begin();
    StandbyStage.await("renamed", () -> isActive("other"));
    assertThat(slots()).isEqualTo(1);
    renamed.close();

    StandbySource without = stage.source(settings(null, null));
    without.begin();
    StandbyStage.await(
        "slot gone", () -> !exists("other") && StandbyInspection.isConnected(without));
    without.close();
    StandbySource again = stage.source(settings(null, "ours"));
    again.begin();
    StandbyStage.await("slot again", () -> isActive("ours"));
    again.close();

    new ReplicaSweep(stage.workbench().directory(), stage.pool(), stage.workbench().servers())
        .run(Set.of("another"));

    assertThat(slots()).isZero();
    assertThat(stage.replicas()).isEmptyDirectory();
  }

  @Test
  void slotOfSomebodyElseIsNotTaken() throws Exception {
    stage.production().execute("SELECT pg_create_physical_replication_slot('theirs')");
    try {
      SourceException failure = stage.failure(stage.source(settings(null, "theirs")));

      assertThat(failure.kind()).isEqualTo(Kind.SETTINGS);
      assertThat(failure).hasMessageContaining("\"theirs\" already, which is not ours");
      assertThat(slots()).isEqualTo(1);
    } finally {
      stage.production().execute("SELECT pg_drop_replication_slot('theirs')");
    }
  }

  @Test
  void slotOfABuildThatFailsAtOnceIsDropped() throws Exception {
    stage.production().execute("REVOKE SELECT ON pg_db_role_setting FROM PUBLIC");
    try {
      SourceException failure = stage.failure(stage.source(settings(null, "ours")));

      assertThat(failure.detail()).contains("pg_db_role_setting");
      nothingIsLeft();
    } finally {
      stage.production().execute("GRANT SELECT ON pg_db_role_setting TO PUBLIC");
    }
  }

  @Test
  void slotIsMadeAgainOnlyWhereProductionLimitsIt() throws Exception {
    SlotUpkeep upkeep = upkeep(systemIdentifier());
    assertThat(upkeep.run(NOBODY)).isTrue();
    assertThat(slots()).isEqualTo(1);
    stage.production().execute("SELECT pg_drop_replication_slot('ours')");
    assertThat(upkeep.run(NOBODY)).isFalse();
    assertThat(slots()).isEqualTo(1);

    AtomicInteger released = new AtomicInteger();
    limitSlots("-1");
    try {
      assertThat(upkeep.run(released::incrementAndGet)).isTrue();
      assertThat(slots()).isZero();
      assertThat(upkeep.run(released::incrementAndGet)).isFalse();
      assertThat(released).hasValue(1);
      assertThat(slots()).isZero();
    } finally {
      limitSlots("1GB");
    }
    assertThat(upkeep.run(NOBODY)).isTrue();
    assertThat(slots()).isEqualTo(1);
  }

  /** Production's limit is taken back while ours is in use, and set again later. */
  @Test
  void standbyFollowsWithoutASlotWhileProductionDoesNotLimitIt() throws Exception {
    StandbySource limited = stage.source(settings(null, "ours"));
    limited.begin();
    stage.cut(limited);
    StandbyStage.await("slot in use", () -> isActive("ours"));
    limited.close();

    limitSlots("-1");
    try {
      StandbySource unlimited = stage.source(settings(null, "ours"));
      unlimited.begin();
      StandbyStage.await(
          "slot gone", () -> !exists("ours") && StandbyInspection.isConnected(unlimited));
      assertThat(stage.cut(unlimited)).isNotNull();
      unlimited.close();
    } finally {
      limitSlots("1GB");
    }
    StandbySource again = stage.source(settings(null, "ours"));
    again.begin();
    StandbyStage.await("slot again", () -> isActive("ours"));
    again.close();
  }

  /** WAL that it needs might still come from the archive; the slot comes back no more. */
  @Test
  void standbyWhoseSlotIsLostIsBuiltAnewBesideTheOldOne() throws Exception {
    SourceType.Standby settings =
        new SourceType.Standby(
            stage.production().url(), null, "exit 1", "ours", SourceType.Collations.REFUSE);
    StandbySource before = stage.source(settings);
    Path tree = stage.workbench().directory().resolve("tree");
    before.copyInto(tree, CopyListener.silent());
    stage.pool().delete(tree);
    before.shutdown();
    String old = generation();
    limitSlots("1MB");
    try {
      stage.production().turnWal();
    } finally {
      limitSlots("1GB");
    }
    assertThat(stage.production().text("SELECT wal_status FROM pg_replication_slots"))
        .isEqualTo("lost");

    StandbySource after = stage.source(settings);
    after.begin();
    StandbyStage.await("replaced", () -> !generation().equals(old));
    StandbyStage.await("slot in use", () -> isActive("ours"));
    after.close();
  }

  private String generation() {
    try {
      return StandbyInspection.record(stage).generation();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void limitSlots(String limit) throws Exception {
    stage
        .production()
        .execute(
            "ALTER SYSTEM SET max_slot_wal_keep_size = '" + limit + "'", "SELECT pg_reload_conf()");
    StandbyStage.await(
        "reloaded", () -> stage.production().isShown("max_slot_wal_keep_size", limit));
  }

  private static String failure(SlotUpkeep upkeep) {
    try {
      upkeep.run(NOBODY);
      return "";
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void noSlotIsMadeOnAnotherCluster() throws Exception {
    assertThat(upkeep(systemIdentifier()).run(NOBODY)).isTrue();
    stage.production().execute("SELECT pg_drop_replication_slot('ours')");
    SlotUpkeep elsewhere = upkeep(systemIdentifier() + 1);

    assertThat(failure(elsewhere)).contains("another cluster answers");
    assertThat(slots()).isZero();
  }

  private long systemIdentifier() throws Exception {
    return Long.parseUnsignedLong(
        stage.production().text("SELECT system_identifier FROM pg_control_system()"));
  }

  /** Of a replica of that cluster. */
  private SlotUpkeep upkeep(long systemIdentifier) throws Exception {
    ReplicaPlace place = ReplicaPlace.of(stage.workbench().directory(), "prod");
    place.make();
    place
        .record()
        .write(
            new ReplicaRecord(
                "g00000000",
                systemIdentifier,
                1,
                "postgres",
                new ProductionFacts(150_000, Map.of(), new LeftBehind(List.of(), List.of())),
                Instant.now(),
                Instant.now(),
                null));
    return new SlotUpkeep("prod", settings(null, "ours"), stage.productionAsSeen(), place, true);
  }
}
