package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.host.BootId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Throw-away environments that somebody protects while they are in use. */
final class GuardingIT extends StageFixture {
  private static final Duration DROP_AFTER = Duration.ofDays(3);

  @Test
  void whatIsWrittenBeforeAndAfterOutlivesTheHost() throws Exception {
    Stage daemon = open(DROP_AFTER, StepListener.NONE);
    try (Connection connection = Stage.connect(daemon.session("pr-1"));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE mine AS SELECT 1 AS n");
      assertThat(text(statement, "SHOW fsync")).isEqualTo("off");

      await(daemon.environments.guard("pr-1", true));

      assertThat(text(statement, "SHOW fsync")).isEqualTo("on");
      assertThat(text(statement, "SHOW full_page_writes")).isEqualTo("on");
      statement.execute("INSERT INTO mine VALUES (2)");
    }
    daemon = reboot(daemon);

    EnvironmentSession after = daemon.session("pr-1");
    assertThat(after.creation()).isEmpty();
    assertThat(Stage.query(after, "SELECT count(*) FROM mine")).isEqualTo(2);
    assertThat(Stage.text(after, "SHOW fsync")).isEqualTo("on");
  }

  @Test
  void aStatementThatRunsOnIsInTheWayUntilItEnds() throws Exception {
    Stage daemon = open(DROP_AFTER, StepListener.NONE);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Connection connection = Stage.connect(daemon.session("pr-1"));
        Statement statement = connection.createStatement()) {
      Future<?> running = threads.submit(() -> statement.execute("SELECT pg_sleep(3600)"));
      EnvironmentSession session = daemon.session("pr-1");
      while (Stage.query(session, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '3600'")
          < 2) {
        Thread.onSpinWait();
      }

      assertThatThrownBy(() -> await(daemon.environments.guard("pr-1", true)))
          .cause()
          .isInstanceOfSatisfying(
              EnvironmentUnavailable.class,
              refusal ->
                  assertThat(refusal.detail().orElseThrow())
                      .contains("a statement that began before runs on"));
      assertThat(daemon.environments.list().getFirst().guarded()).isTrue();

      statement.cancel();
      assertThatThrownBy(running::get).hasCauseInstanceOf(SQLException.class);
      await(daemon.environments.guard("pr-1", true));
      assertThat(daemon.environments.target("pr-1").orElseThrow().isDurable()).isTrue();
    }
  }

  /** The next daemon finds another boot of the host, on which no process is left. */
  private Stage reboot(Stage daemon) throws Exception {
    daemon.killAll();
    daemon.close();
    Path record = daemon.files("clones").getFirst().resolve("clone.json");
    Files.writeString(record, anotherBoot(Files.readString(record)));
    return open(DROP_AFTER, StepListener.NONE);
  }

  private static String anotherBoot(String record) throws IOException {
    String boot = BootId.current();
    assertThat(record).contains(boot);
    return record.replace(boot, boot.substring(1) + "0");
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
