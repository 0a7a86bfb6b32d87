package dev.understudy.proxy.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.throttle.Throttle.Attempt;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Time passes only where a test says so, and so nothing here takes any. */
final class ThrottleTest {
  private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(15);
  private static final String HOST = "203.0.113.5";
  private static final String NEIGHBOUR = "203.0.113.6";
  private static final String ELSEWHERE = "198.51.100.1";

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final Throttle throttle = throttle(true, 10_000);

  private Throttle throttle(boolean isOn, int mostKeys) {
    return new Throttle(() -> isOn, () -> STARTUP_TIMEOUT, nanoTime::get, mostKeys);
  }

  @Test
  void pausesGrowUntilNobodyIsHeard() {
    List<Ruling> rulings = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rulings.add(fail(HOST, "app"));
    }

    assertThat(rulings.subList(0, 6)).containsOnly(answered(0));
    // Those that come at once stand behind one another: after 1 s, and then after 2 s more.
    assertThat(rulings.subList(6, 8)).containsExactly(answered(1), answered(3));
    assertThat(rulings.subList(8, 10)).containsOnly(turnedAway(7));
    assertThat(attempt(HOST, "app").turnedAwayFor()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void whoIsTurnedAwayMakesItNoWorse() {
    failUntilTurnedAway(HOST, "app");
    Duration wait = attempt(HOST, "app").turnedAwayFor();
    for (int i = 0; i < 1000; i++) {
      assertThat(fail(HOST, "app")).isInstanceOf(Ruling.TurnedAway.class);
    }

    assertThat(attempt(HOST, "app").turnedAwayFor()).isEqualTo(wait);
  }

  @Test
  void guessesAreAtMostOneAMinuteInTheLongRun() {
    int heard = 0;
    for (int second = 0; second < 24 * 60 * 60; second++) {
      heard += fail(HOST, "app") instanceof Ruling.Answered ? 1 : 0;
      pass(Duration.ofSeconds(1));
    }

    assertThat(heard).isBetween(24 * 60, 24 * 60 + 20);
  }

  @Test
  void manyAtOnceAreNoFasterThanOneByOne() {
    int heard = 0;
    for (int second = 0; second < 60 * 60; second++) {
      for (int i = 0; i < 20; i++) {
        heard += fail(HOST, "app") instanceof Ruling.Answered ? 1 : 0;
      }
      pass(Duration.ofSeconds(1));
    }

    assertThat(heard).isBetween(60, 80);
  }

  @Test
  void aRightPasswordClearsWhatCameBefore() {
    for (int i = 0; i < 7; i++) {
      fail(HOST, "app");
    }

    assertThat(succeed(HOST, "app")).isEqualTo(answered(3));
    for (int i = 0; i < 5; i++) {
      assertThat(fail(HOST, "app")).isEqualTo(answered(0));
    }
  }

  @Test
  void whetherItIsRightIsNotToldByTheTime() {
    for (int i = 0; i < 7; i++) {
      fail(HOST, "app");
      fail(ELSEWHERE, "app");
    }

    assertThat(succeed(HOST, "app")).isEqualTo(fail(ELSEWHERE, "app"));
  }

  @Test
  void whatIsRightIsNotHeardEitherWhenItIsNobodysTurn() {
    failUntilTurnedAway(HOST, "app");

    assertThat(succeed(HOST, "app")).isEqualTo(turnedAway(7));
    pass(Duration.ofSeconds(7));
    assertThat(succeed(HOST, "app")).isEqualTo(answered(0));
  }

  @Test
  void failuresAreForgotten() {
    failUntilTurnedAway(HOST, "app");
    pass(Duration.ofMinutes(15));

    for (int i = 0; i < 6; i++) {
      assertThat(fail(HOST, "app")).isEqualTo(answered(0));
    }
  }

  @Test
  void otherLoginsOfTheHostAndOtherHostsOfTheLoginAreNotConcerned() {
    failUntilTurnedAway(HOST, "app");

    assertThat(succeed(HOST, "other")).isEqualTo(answered(0));
    assertThat(succeed(NEIGHBOUR, "app")).isEqualTo(answered(0));
    assertThat(succeed(ELSEWHERE, "app")).isEqualTo(answered(0));
    assertThat(throttle.attempt(client(HOST), "app", "another source").turnedAwayFor()).isNull();
  }

  @Test
  void aHostOwnsItsSubnetOfIpv6() {
    failUntilTurnedAway("2001:db8::1", "app");

    assertThat(attempt("2001:db8::ffff:2", "app").turnedAwayFor()).isNotNull();
    assertThat(attempt("2001:db8:0:1::1", "app").turnedAwayFor()).isNull();
  }

  @Test
  void aJobThatKeepsFailingCostsAnAcquaintanceBesideItAMoment() {
    succeed(HOST, "ci");

    assertThatSomebodyBesideAFailingJobGetsIn(HOST);
  }

  @Test
  void onLoopbackItCostsEverybodyNoMore() {
    assertThatSomebodyBesideAFailingJobGetsIn("127.0.0.1");
    assertThatSomebodyBesideAFailingJobGetsIn("::1");
  }

  private void assertThatSomebodyBesideAFailingJobGetsIn(String host) {
    for (int second = 0; second < 600; second++) {
      for (int i = 0; i < 20; i++) {
        assertThat(fail(host, "ci")).isInstanceOf(Ruling.Answered.class);
      }
      if (second % 60 == 59) {
        assertThat(succeed(host, "ci")).isEqualTo(answered(2));
      }
      pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void whoTriesManyLoginsIsStoppedWithAllOfItsNetwork() {
    succeed(NEIGHBOUR, "ann");
    for (int i = 0; i < 60; i++) {
      fail(HOST, "login" + i);
    }

    assertThat(attempt(HOST, "another").turnedAwayFor()).isNotNull();
    assertThat(attempt(NEIGHBOUR, "another").turnedAwayFor()).isNotNull();
    assertThat(succeed(NEIGHBOUR, "ann")).as("who was there before").isEqualTo(answered(0));
    assertThat(succeed(ELSEWHERE, "another")).isEqualTo(answered(0));
  }

  @Test
  void whatFailsUnderANameThatIsKnownThereDoesNotCountAgainstTheNetwork() {
    for (int i = 0; i < 60; i++) {
      succeed(HOST, "login" + i);
      fail(HOST, "login" + i);
    }

    assertThat(succeed(NEIGHBOUR, "ann")).isEqualTo(answered(0));
  }

  @Test
  void aLoginThatIsTriedFromEverywhereIsAnsweredLateAndLockedOutNowhere() {
    succeed(ELSEWHERE, "app");
    for (int i = 0; i < 1000; i++) {
      fail("10.%d.%d.1".formatted(i / 200, i % 200), "app");
    }

    assertThat(succeed(HOST, "app")).isEqualTo(answered(4));
    assertThat(succeed(HOST, "app")).as("by now it is known").isEqualTo(answered(0));
    assertThat(succeed(ELSEWHERE, "app")).as("known before").isEqualTo(answered(0));
    assertThat(fail(NEIGHBOUR, "app")).isEqualTo(answered(4));
    assertThat(fail(NEIGHBOUR, "other")).isEqualTo(answered(0));
  }

  @Test
  void nobodyWaitsLongerThanTheLoginMayTake() {
    Throttle hasty = new Throttle(() -> true, () -> Duration.ofSeconds(2), nanoTime::get);
    for (int i = 0; i < 6; i++) {
      hasty.attempt(client(HOST), "app", "prod").settle(false);
    }

    assertThat(hasty.attempt(client(HOST), "app", "prod").settle(false)).isEqualTo(answered(1));
    assertThat(hasty.attempt(client(HOST), "app", "prod").settle(false)).isEqualTo(turnedAway(3));
  }

  @Test
  void whatWasNotTriedForLongestIsForgottenFirst() {
    Throttle small = throttle(true, 10);
    for (int i = 0; i < 9; i++) {
      small.attempt(client(HOST), "app", "prod").settle(false);
    }
    for (int i = 0; i < 9; i++) {
      small.attempt(client("10.0.0.%d".formatted(i)), "x", "prod").settle(false);
    }
    assertThat(small.attempt(client(HOST), "app", "prod").turnedAwayFor()).isNotNull();
    for (int i = 0; i < 10; i++) {
      small.attempt(client("10.0.0.%d".formatted(i)), "y", "prod").settle(false);
    }

    assertThat(small.attempt(client(HOST), "app", "prod").turnedAwayFor()).isNull();
  }

  @Test
  void namesThatAreTooLongToExistAreAllOne() {
    for (int i = 0; i < 9; i++) {
      fail(HOST, i + "x".repeat(9_000));
    }

    assertThat(attempt(HOST, "y".repeat(64)).turnedAwayFor()).isNotNull();
    assertThat(attempt(HOST, "y".repeat(63)).turnedAwayFor()).isNull();
  }

  @Test
  void switchedOffItLetsEverythingPass() {
    Throttle off = throttle(false, 10);
    for (int i = 0; i < 1000; i++) {
      assertThat(off.attempt(client(HOST), "app", "prod").turnedAwayFor()).isNull();
      assertThat(off.attempt(client(HOST), "app", "prod").settle(false)).isEqualTo(answered(0));
    }
  }

  private void failUntilTurnedAway(String host, String login) {
    for (int i = 0; i < 8; i++) {
      assertThat(fail(host, login)).isInstanceOf(Ruling.Answered.class);
    }
    assertThat(fail(host, login)).isInstanceOf(Ruling.TurnedAway.class);
  }

  private Ruling fail(String host, String login) {
    return attempt(host, login).settle(false);
  }

  private Ruling succeed(String host, String login) {
    return attempt(host, login).settle(true);
  }

  private Attempt attempt(String host, String login) {
    return throttle.attempt(client(host), login, "prod");
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private static SocketAddress client(String host) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), 5);
  }

  private static Ruling answered(long seconds) {
    return new Ruling.Answered(Duration.ofSeconds(seconds));
  }

  private static Ruling turnedAway(long seconds) {
    return new Ruling.TurnedAway(Duration.ofSeconds(seconds));
  }
}
