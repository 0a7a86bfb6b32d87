package dev.understudy.cloner.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BriefSessionTest {
  private static final Origin ORIGIN =
      new Origin("s1", "prod", Instant.EPOCH, 180_000, "postgres", null, null, Map.of());

  @TempDir Path directory;

  @Test
  void aFailureKeepsItsSqlstate() {
    SQLException failure =
        catchThrowableOfType(
            SQLException.class,
            () ->
                BriefSession.inAny(cloneWithoutAServer(), Duration.ofSeconds(20), connection -> 0));

    assertThat(failure.getSQLState()).isEqualTo("08001");
  }

  @Test
  void whoTakesTooLongIsNotWaitedFor() {
    CountDownLatch never = new CountDownLatch(1);

    assertThatThrownBy(() ->
            BriefSession.run(
                Duration.ofMillis(50),
                () -> {
                  never.await();
                  return 0;
                }))
        .isInstanceOf(SQLTimeoutException.class)
        .hasMessage("no answer in 50 ms");
    never.countDown();
  }

  private Clone cloneWithoutAServer() {
    return new Clone(
        directory,
        directory,
        CloneRecord.creating("abcdefghij", ORIGIN, false, "boot", Instant.EPOCH));
  }
}
