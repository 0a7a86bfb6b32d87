package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Time passes, and the clock is set. The first ends what nobody uses, in its time and not before;
 * the second ends nothing.
 */
final class Times {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final List<Duration> LENGTHS =
      List.of(
          Duration.ofMinutes(4),
          Duration.ofMinutes(25),
          Duration.ofHours(5),
          Duration.ofHours(26),
          Duration.ofHours(80));
  private static final List<Duration> JUMPS =
      List.of(Duration.ofMinutes(30), Duration.ofDays(2), Duration.ofDays(400));

  private final Driver driver;
  private final Sessions sessions;

  Times(Driver driver, Sessions sessions) {
    this.driver = driver;
    this.sessions = sessions;
  }

  /** Passes while somebody is in an environment. */
  @FunctionalInterface
  interface Idleness {
    void pass(String name) throws Exception;
  }

  void idle(Random random) throws Exception {
    pass(LENGTHS.get(random.nextInt(LENGTHS.size())), null);
  }

  /** With a transaction open in one of them. */
  void idleInTransaction(String name, Random random) throws Exception {
    Duration length = LENGTHS.get(random.nextInt(LENGTHS.size()));
    driver.tell("a transaction is open in " + name);
    sessions.leaveOpen(name, random, used -> pass(length, used));
  }

  /** One of them is guarded meanwhile. */
  void idleGuarded(String name) throws Exception {
    if (driver.world().has(name)) {
      boolean before = driver.world().get(name).guarded();
      driver.guard(name, true);
      pass(Duration.ofHours(80), null);
      driver.guard(name, before);
      pass(Duration.ofMinutes(4), null); // what was over while it was guarded
    }
  }

  /** What would end by itself soon does so now, and not in the middle of something else. */
  void passWhatIsNear() throws Exception {
    if (new Fates(driver, null).isAnyNear(Duration.ZERO)) {
      pass(Duration.ofMinutes(20), null);
    }
  }

  private void pass(Duration wish, @Nullable String used) throws Exception {
    Fates fates = new Fates(driver, used);
    Duration length = wish;
    while (fates.isAnyNear(length)) {
      length = length.plus(Duration.ofMinutes(25));
    }
    driver.settle(); // one that gave way to another may be just ending
    Set<String> stayAwake = awakeAfter(length, used);
    driver.tell("nothing happens for " + length);
    driver.pass(length);
    driver.settle();
    await(fates, used);
    stayAwake.removeIf(name -> !driver.world().has(name));
    Set<String> awake = driver.awake();
    assertThat(awake).as("asleep too early").containsAll(stayAwake);
  }

  /** Those that are awake, and too young to fall asleep by then. */
  private Set<String> awakeAfter(Duration length, @Nullable String used) throws Exception {
    Set<String> awake = driver.awake();
    Duration latest = driver.time().own().plus(length).plus(Fates.MARGIN);
    awake.removeIf(name -> !name.equals(used) && fallsAsleep(name).compareTo(latest) < 0);
    return awake;
  }

  /** At the earliest. */
  private Duration fallsAsleep(String name) {
    return driver.world().get(name).used().from().plus(LifeSettings.SUSPEND_AFTER);
  }

  private void await(Fates fates, @Nullable String used) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      String names = driver.ask("list");
      World next = fates.settled(names);
      Set<String> restless = driver.awake();
      restless.removeIf(name -> !mustSleep(name, used));
      if (next != null && restless.isEmpty()) {
        driver.become(next);
        assertThat(next.names()).isEqualTo(names);
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not over in time: %s of %s, awake: %s; %s"
                .formatted(names, driver.world().names(), restless, fates.told()));
      }
      Thread.sleep(10);
    }
  }

  private boolean mustSleep(String name, @Nullable String used) {
    Map<String, Living> living = driver.world().environments();
    Duration own = driver.time().own().minus(Fates.MARGIN);
    return !name.equals(used)
        && living.containsKey(name)
        && driver.lenientUntil().compareTo(own) < 0
        && living.get(name).used().to().plus(LifeSettings.SUSPEND_AFTER).compareTo(own) < 0;
  }

  /** While the daemon works. */
  void setClock(Random random) throws Exception {
    Duration by = jump(random);
    driver.tell("the clock is set by " + by);
    driver.setClock(by);
    driver.check(List.of(driver.world()));
  }

  /** While no daemon works. */
  void setClockUnseen(Random random) throws Exception {
    Duration by = jump(random);
    driver.tell("the clock is set by " + by + " while no daemon works");
    if (random.nextBoolean()) {
      driver.kill();
    } else {
      driver.shutDown();
    }
    driver.setClockUnseen(by);
    driver.start();
    driver.check(List.of(driver.world()));
  }

  private static Duration jump(Random random) {
    Duration length = JUMPS.get(random.nextInt(JUMPS.size()));
    return random.nextBoolean() ? length : length.negated();
  }

  /** The daemon is killed while it does what time has brought. */
  void idleInterrupted(Random random) throws Exception {
    Duration length = LENGTHS.get(random.nextInt(LENGTHS.size()));
    driver.tell("nothing happens for " + length + ", and the daemon is killed amid what follows");
    driver.pass(length);
    Thread.sleep(random.nextInt(120));
    driver.kill();
    driver.start();
    pass(Duration.ofMinutes(20), null);
  }
}
