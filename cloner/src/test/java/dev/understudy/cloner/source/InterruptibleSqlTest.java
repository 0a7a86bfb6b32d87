package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InterruptibleSqlTest {
  @Test
  void returnsAndThrowsWhatTheWorkDoes() throws Exception {
    assertThat(InterruptibleSql.call(() -> "answer", () -> {})).isEqualTo("answer");
    SQLException failure = new SQLException("no");
    assertThatThrownBy(() ->
            InterruptibleSql.call(
                () -> {
                  throw failure;
                },
                () -> {}))
        .isSameAs(failure);
  }

  @Test
  void anInterruptCutsTheLineAndWaitsForTheEnd() {
    CountDownLatch line = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() ->
            InterruptibleSql.call(
                () -> {
                  waitFor(line);
                  ended.countDown();
                  throw new SQLException("the line was cut");
                },
                line::countDown))
        .isInstanceOf(InterruptedException.class);
    assertThat(ended.getCount()).isZero();
    assertThat(Thread.interrupted()).isFalse();
  }

  private static void waitFor(CountDownLatch latch) throws SQLException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }
}
