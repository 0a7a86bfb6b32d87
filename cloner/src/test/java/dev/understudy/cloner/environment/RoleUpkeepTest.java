package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.clone.RoleReading;
import dev.understudy.cloner.fake.FakeSnapshots;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When an environment's roles are read, and what is known of them then and later. */
final class RoleUpkeepTest extends RolesFixture {
  @Test
  void whatWasJustMadeIsReadOnceAndThenNoMore() throws Exception {
    bench.open("pr-1");
    assertThat(readings).isEmpty();
    assertThat(bench.environments.roles("pr-1")).as("not asked yet").isEmpty();

    awaitReadings(1);
    assertThat(known("pr-1", "app")).contains(APP);
    passWithoutReading();
  }

  @Test
  void whatASessionSendsIsFollowedByAReadingThatBeginsMoreThanASecondLater() throws Exception {
    EnvironmentSession session = openAndSettle("pr-1");
    said = List.of(APP, FRESH);
    session.activity();
    Instant last = bench.clock.instant();

    awaitReadings(2);
    assertThat(readings.getLast()).isAfter(last.plusSeconds(1));
    assertThat(known("pr-1", "fresh")).contains(FRESH);
    passWithoutReading();
  }

  @Test
  void whoNeverStopsIsReadAfterAgainAndAgainAndOnceMoreAfterTheEnd() throws Exception {
    EnvironmentSession session = openAndSettle("pr-1");
    Instant last = Instant.MIN;
    while (readings.size() < 5) {
      session.activity();
      last = bench.clock.instant();
      step(Duration.ofSeconds(1));
    }
    Instant end = last;

    Await.soon(() -> {
      step(Duration.ofMillis(300));
      return readings.getLast().isAfter(end.plusSeconds(1));
    });
    for (int i = 1; i < readings.size(); i++) {
      assertThat(Duration.between(readings.get(i - 1), readings.get(i)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }
    Await.soon(() -> {
      int before = readings.size();
      step(Duration.ofSeconds(5));
      bench.settle();
      return readings.size() == before;
    });
    passWithoutReading();
  }

  @Test
  void theEndOfASessionIsFollowedByAReadingAtOnceButNeverTwiceInASecond() throws Exception {
    EnvironmentSession session = openAndSettle("pr-1");
    said = List.of(APP, FRESH);
    session.close();
    Await.soon(() -> readings.size() == 2);
    Await.soon(() -> known("pr-1", "fresh").isPresent());

    said = List.of(FRESH);
    bench.open("pr-1").close();
    bench.open("pr-1").close();
    awaitReadings(3);
    assertThat(Duration.between(readings.get(1), readings.get(2)))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(known("pr-1", "app")).isEmpty();
    passWithoutReading();
  }

  @Test
  void ofManyThatAreBusyOneIsReadAtATimeWhileTheEndOfASessionWaitsForNobody() throws Exception {
    EnvironmentSession first = openAndSettle("pr-1");
    EnvironmentSession second = openAndSettle("pr-2");
    EnvironmentSession third = openAndSettle("pr-3");
    Semaphore answers = new Semaphore(0);
    bench.roles =
        clone -> {
          readings.add(bench.clock.instant());
          answers.acquireUninterruptibly();
          return new RoleReading(new CloneRoles(clone.id(), "prod", said), 0, false);
        };
    first.activity();
    second.activity();
    awaitReadings(4);
    passWithoutReading();

    third.close();
    Await.soon(() -> readings.size() == 5);
    answers.release(2);
    awaitReadings(6);
    answers.release();
    passWithoutReading();
  }

  @Test
  void whereTheServerDoesNotTellWhatIsKnownHoldsOn() throws Exception {
    EnvironmentSession session = openAndSettle("pr-1");
    silence = new SQLException("it means ill");
    session.activity();
    awaitReadings(2);

    assertThat(known("pr-1", "app")).contains(APP);
    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
    assertThat(known("pr-1", "app")).contains(APP);
  }

  @Test
  void aServerThatEndsWhileItIsAskedIsNoNews() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(RoleUpkeep.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      EnvironmentSession session = openAndSettle("pr-1");
      EnvironmentSession other = openAndSettle("pr-2");
      bench.roles =
          clone -> {
            if (clone.id().equals(bench.environments.target("pr-2").orElseThrow().id())) {
              var _ = bench.environments.drop("pr-2");
            }
            readings.add(bench.clock.instant());
            throw new SQLException("gone", "57P01");
          };
      session.activity();
      other.activity();
      awaitReadings(readings.size() + 2);
      Await.soon(() -> !log.list.isEmpty());

      assertThat(log.list)
          .singleElement()
          .satisfies(event ->
              assertThat(event.getFormattedMessage()).contains("pr-1").endsWith("SQLSTATE 57P01"));
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void clonesWhosePasswordsCannotBeToldAreLeftAlone() throws Exception {
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory));
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.close();
    Bench.await(bench.environments.suspend("pr-1", true));

    passWithoutReading();
    assertThat(readings).isEmpty();
  }
}
