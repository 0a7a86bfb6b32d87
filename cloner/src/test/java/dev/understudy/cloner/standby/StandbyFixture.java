package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Collations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** One production for all tests of a class, each of which leaves neither replica nor slot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class StandbyFixture {
  StandbyStage stage;

  @BeforeAll
  final void openStage() throws Exception {
    stage = StandbyStage.open(Map.of("max_slot_wal_keep_size", "1GB"));
    stage.production().execute("CREATE TABLE seen (i int)", "INSERT INTO seen VALUES (1)");
  }

  @AfterEach
  final void removeReplica() throws Exception {
    stage.removeReplicas();
    assertThat(slots()).isZero();
  }

  @AfterAll
  final void closeStage() throws Exception {
    stage.close();
  }

  SourceType.Standby settings(@Nullable Integer rate, @Nullable String slot) {
    return new SourceType.Standby(stage.production().url(), rate, null, slot, Collations.REFUSE);
  }

  long slots() throws Exception {
    return stage.production().number("SELECT count(*) FROM pg_replication_slots");
  }

  void nothingIsLeft() throws Exception {
    assertThat(stage.workbench().servers().killAllBelow(stage.replicas())).isZero();
    try (Stream<Path> files = Files.list(stage.replicas().resolve("prod"))) {
      assertThat(files.map(path -> String.valueOf(path.getFileName()))).isSubsetOf("secrets");
    }
    assertThat(stage.workbench().directory().resolve(ReplicaPlace.SOCKETS)).isEmptyDirectory();
    assertThat(slots()).isZero();
    assertThat(stage.production().number("SELECT count(*) FROM pg_stat_replication")).isZero();
  }

  boolean isActive(String slot) {
    return count("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = ", slot);
  }

  boolean exists(String slot) {
    return count("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ", slot);
  }

  boolean count(String query, String slot) {
    try {
      return stage.production().number(query + "'" + slot + "'") > 0;
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
