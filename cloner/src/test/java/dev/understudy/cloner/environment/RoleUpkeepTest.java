package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.cloner.clone.CloneRole;
import dev.understudy.cloner.clone.CloneRoles;
import dev.understudy.cloner.clone.RoleReading;
import dev.understudy.cloner.fake.FakeSnapshots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** When an environment's roles are read, and what is known of them then and later. */
final class RoleUpkeepTest extends BenchFixture {
  private static final CloneRole APP = new CloneRole("app", true, true, null, null);
  private static final CloneRole FRESH =
      new CloneRole(
          "fresh", true, false, "md5" + "0".repeat(32), Instant.parse("2030-01-01T00:00:00Z"));

  /** When each reading took place. */
  private final List<Instant> readings = new CopyOnWriteArrayList<>();

  private volatile List<CloneRole> said = List.of(APP);
  private volatile @Nullable SQLException silence;

  @BeforeEach
  void letRolesBeRead() throws Exception {
    bench.newest = Optional.of(FakeSnapshots.withReplacedPasswords(bench.directory, "s1"));
    bench.roles =
        clone -> {
          readings.add(bench.clock.instant());
          SQLException failure = silence;
          if (failure != null) {
            throw failure;
          }
          return new RoleReading(new CloneRoles(clone.id(), "prod", said), 0, false);
        };
  }

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
  void whatWasReadLastBeforeASleepIsWhatTheNextDaemonKnows() throws Exception {
    openAndSettle("pr-1");
    said = List.of(APP, FRESH);

    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
    assertThat(known("pr-1", "fresh")).contains(FRESH);
    Path file = clone("pr-1").resolve("roles.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    bench.restart();
    assertThat(known("pr-1", "fresh")).contains(FRESH);
    assertThat(known("pr-1", "app")).contains(APP);
    assertThat(known("pr-1", "other")).isEmpty();
  }

  @Test
  void aRecordThatCannotBeReadCostsNothingElse() throws Exception {
    openAndSettle("pr-1");
    Bench.await(bench.environments.suspend("pr-1", true));
    Files.writeString(clone("pr-1").resolve("roles.json"), "{ torn");

    bench.restart();
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    bench.open("pr-1");
    awaitReadings(readings.size() + 1);
    assertThat(known("pr-1", "app")).contains(APP);
  }

  @Test
  void theNextDaemonAsksServersThatRun() throws Exception {
    openAndSettle("pr-1");
    said = List.of(APP, FRESH);

    bench.restart();
    assertThat(known("pr-1", "app")).as("written down").contains(APP);
    awaitReadings(readings.size() + 1);
    Await.soon(() -> known("pr-1", "fresh").isPresent());
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
  void rolesFollowTheirCloneIntoTheTrashAndBack() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    said = List.of(APP, FRESH);
    openAndSettle("pr-1");

    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    bench.open("pr-1");
    assertThat(bench.environments.roles("pr-1")).as("of another clone").isEmpty();

    Bench.await(bench.environments.undrop("pr-1", "pr-2"));
    assertThat(known("pr-2", "fresh")).contains(FRESH);
  }

  @Test
  void aResetEnvironmentBeginsWithThoseOfItsSnapshot() throws Exception {
    said = List.of(APP, FRESH);
    openAndSettle("pr-1").close();

    said = List.of(APP);
    Bench.await(bench.environments.reset("pr-1", true));
    assertThat(bench.environments.roles("pr-1")).isEmpty();
    awaitReadings(readings.size() + 1);
    Await.soon(() -> bench.environments.roles("pr-1").isPresent());
    assertThat(known("pr-1", "fresh")).isEmpty();
  }

  @Test
  void aBranchBeginsWithThoseOfItsParent() throws Exception {
    said = List.of(APP, FRESH);
    openAndSettle("pr-1");

    Bench.await(bench.environments.create("pr-2", new CreateFrom.Environment("pr-1"), null));
    assertThat(known("pr-2", "fresh")).contains(FRESH);
    assertThat(bench.environments.roles("pr-2"))
        .map(CloneRoles::cloneId)
        .contains(clone("pr-2").getFileName().toString());
  }

  @Test
  void whoIsARoleOfOneCloneGetsNoOther() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    openAndSettle("pr-1").close();
    String id = clone("pr-1").getFileName().toString();

    Bench.await(bench.environments.open(of(id, null))).close();
    assertThat(Bench.failureOf(bench.environments.open(of(id, "token"))))
        .satisfies(refusal -> {
          assertThat(refusal.kind()).isEqualTo(EnvironmentUnavailable.Kind.REPLACED);
          assertThat(refusal).hasMessageContaining("does not begin anew");
        });
    assertThat(clone("pr-1").getFileName()).as("not reset").hasToString(id);

    Bench.await(bench.environments.reset("pr-1", true));
    assertRefused(of(id, null));
    Bench.await(bench.environments.drop("pr-1"));
    assertRefused(of(id, null));
    assertRefused(of(id, "token"));
    assertThat(bench.environments.list()).as("none is made for it").isEmpty();
    assertThat(bench.environments.size()).isZero();
  }

  @Test
  void aSleepingCloneIsWokenForItsOwnRole() throws Exception {
    openAndSettle("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    Path clone = clone("pr-1");

    assertThat(
            Bench.await(bench.environments.open(of(clone.getFileName().toString(), null))).socket())
        .isEqualTo(bench.directory.resolve("run").resolve(clone.getFileName() + "/.s.PGSQL.5432"));
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

  private void assertRefused(EnvironmentRequest request) throws Exception {
    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.open(request));
    assertThat(refusal.sqlState()).isEqualTo("28000");
    assertThat(refusal).hasMessageContaining("was replaced");
    assertThat(refusal.hint()).isPresent();
  }

  private static EnvironmentRequest of(String clone, @Nullable String fresh) {
    return new EnvironmentRequest("pr-1", "shop", "fresh", fresh, clone);
  }

  /** Its clone was read once, so that the next reading may begin at once. */
  private EnvironmentSession openAndSettle(String name) throws Exception {
    EnvironmentSession session = bench.open(name);
    awaitReadings(readings.size() + 1);
    passWithoutReading();
    Await.soon(() -> bench.environments.roles(name).isPresent());
    return session;
  }

  private Optional<CloneRole> known(String environment, String role) {
    return bench.environments.roles(environment).flatMap(roles -> roles.role(role));
  }

  private Path clone(String environment) {
    return bench
        .directory
        .resolve("clones")
        .resolve(bench.environments.target(environment).orElseThrow().id());
  }

  private void awaitReadings(int count) throws Exception {
    Await.soon(() -> {
      step(Duration.ofMillis(100));
      return readings.size() >= count;
    });
    assertThat(readings).hasSize(count);
    bench.settle();
  }

  private void passWithoutReading() throws Exception {
    int before = readings.size();
    for (int i = 0; i < 100; i++) {
      bench.alarms.advance(Duration.ofMillis(200));
      Thread.sleep(1);
    }
    assertThat(readings).hasSize(before);
  }

  /** Readings run on threads of their own. */
  private void step(Duration duration) throws Exception {
    bench.alarms.advance(duration);
    Thread.sleep(2);
  }

  /** Waits for what other threads do. */
  private static final class Await {
    static void soon(Callable<Boolean> condition) throws Exception {
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!condition.call()) {
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
        Thread.sleep(1);
      }
    }
  }
}
