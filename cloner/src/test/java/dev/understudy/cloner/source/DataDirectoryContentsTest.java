package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryContentsTest {
  @ParameterizedTest
  @CsvSource({
    "base/5, 16384", "base/5, 16384.1", "base/5, 16384_fsm", "base/5, 16384_init",
    "base/5, PG_VERSION", "base/5, pg_filenode.map", "global, 1260", "pg_xact, 0000",
    "pg_logical, replorigin_checkpoint", "pg_twophase, 000002E7", "base/5, 16384_vm.2"
  })
  void takes(String directory, String name) {
    assertThat(DataDirectoryContents.isWanted(directory, name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "base, pgsql_tmp",
    "base/pgsql_tmp, pgsql_tmp123.4",
    "base/5, t3_16390",
    "base/5, t12_16390.1",
    "base/5, t3_16390_fsm",
    "base/5, pg_internal.init",
    "base/5, pg_internal.init.123",
    "base/5, core",
    "base/5, core.4711",
    "global, pg_control"
  })
  void leaves(String directory, String name) {
    assertThat(DataDirectoryContents.isWanted(directory, name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"16384", "16384.7", "16384_fsm", "16384_vm.1"})
  void knowsTheInitForkOfARelation(String name) {
    assertThat(DataDirectoryContents.initFork(name)).isEqualTo("16384_init");
  }

  @ParameterizedTest
  @ValueSource(strings = {"16384_init", "PG_VERSION", "pg_filenode.map", "16384x"})
  void nothingElseHasOne(String name) {
    assertThat(DataDirectoryContents.initFork(name)).isNull();
  }
}
