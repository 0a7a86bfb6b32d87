package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.config.Access;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clones that nobody can write to, on real servers. */
final class ReadOnlyEnvironmentIT extends StageFixture {
  @Test
  void nobodyWritesToWhatIsReadOnly() throws Exception {
    Path seed =
        Files.writeString(parent().resolve("seed.sql"), "CREATE TABLE seeded AS SELECT 7 AS x;");
    Stage daemon =
        open(
            policy("ro")
                .with(Access.READ_ONLY)
                .with(new Resources(null, null, null, 1L << 20, null))
                .with(new Hooks(List.of(new Hook.Script(seed, null)), Duration.ofSeconds(30))));
    EnvironmentSession session = daemon.session("ro");

    assertThat(Stage.query(session, "SELECT x FROM seeded")).isEqualTo(7);
    for (String sql :
        List.of(
            "CREATE TABLE u (i int)",
            "SET default_transaction_read_only = off; DELETE FROM t",
            "SET transaction_read_only = off; DELETE FROM t")) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> Stage.execute(session, sql))
          .satisfies(e -> assertThat(e.getSQLState()).isIn("25006", "0A000"));
    }
    assertThat(Stage.query(session, "SELECT (current_setting('temp_file_limit') = '1MB')::int"))
        .isEqualTo(1);

    session.close();
    daemon.clones.suspend(daemon.service.targets());
    assertThat(Stage.query(daemon.session("ro"), "SELECT count(*) FROM t")).isEqualTo(200_000);
  }

  @Test
  void whoPromotesAReadOnlyCloneEndsItsServer() throws Exception {
    Stage daemon = open(policy("ro").with(Access.READ_ONLY));
    EnvironmentSession session = daemon.session("ro");
    RunningServer server = daemon.environments.target("ro").orElseThrow().server().orElseThrow();

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> {
          Stage.query(session, "SELECT pg_promote()::int");
          Stage.execute(session, "CREATE TABLE written (i int)");
        });
    await(server.onExit());

    EnvironmentSession again = daemon.session("ro");
    assertThat(Stage.query(again, "SELECT pg_is_in_recovery()::int")).isEqualTo(1);
    assertThat(Stage.query(again, "SELECT count(*) FROM t")).isEqualTo(200_000);
    assertThat(Stage.query(again, "SELECT count(*) FROM pg_class WHERE relname = 'written'"))
        .isZero();
  }
}
