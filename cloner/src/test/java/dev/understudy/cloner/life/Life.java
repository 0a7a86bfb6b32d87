package dev.understudy.cloner.life;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * One random life: does things to environments, and knows what must follow. What is tried in each
 * step is a function of the seed and the number of the step, however long things took before; what
 * can be done then depends on what there is.
 */
final class Life {
  private static final int OPERATIONS_BETWEEN_LEAK_CHECKS = 100;

  /** Of each kind. */
  private static final int NAMES = 3;

  private final long seed;
  private final Driver driver;
  private final Sessions sessions;
  private final Making making;
  private final Moves moves;
  private final Crowd crowd;
  private final Faults faults;
  private final Times times;

  Life(long seed, Site site) throws Exception {
    this.seed = seed;
    this.driver = new Driver(site);
    this.sessions = new Sessions(driver);
    this.making = new Making(driver, sessions);
    this.moves = new Moves(driver);
    this.crowd = new Crowd(driver, sessions);
    this.faults = new Faults(driver, sessions);
    this.times = new Times(driver, sessions);
  }

  String story() {
    return driver.story();
  }

  /**
   * Steps until something was done so many times.
   *
   * @return how many steps it took
   */
  int live(int operations) throws Exception {
    int steps = 0;
    for (int done = 0; done < operations; steps++) {
      times.passWhatIsNear();
      int told = driver.told();
      step(new Random(new SplittableRandom(seed + steps).nextLong()));
      if (driver.told() > told) {
        done++;
        if (done % OPERATIONS_BETWEEN_LEAK_CHECKS == 0) {
          driver.site().checkLeaks(driver.world());
        }
      }
    }
    times.passWhatIsNear();
    for (String name : List.copyOf(driver.world().environments().keySet())) {
      sessions.check(name);
    }
    driver.check(List.of(driver.world()));
    driver.site().checkLeaks(driver.world());
    return steps;
  }

  /** All servers stop; the daemon ends. */
  void end() throws Exception {
    driver.shutDown();
  }

  void abandon() throws Exception {
    driver.kill();
  }

  private void step(Random random) throws Exception {
    String name = name(random);
    if (driver.world().refusesOneMore(name)) {
      making.refused(name);
      return;
    }
    if (random.nextInt(12) == 0) {
      faults.slowDisk(random, () -> change(name, random));
      return;
    }
    switch (random.nextInt(20)) {
      case 0 -> {
        driver.tell("look at " + name);
        sessions.check(name);
      }
      case 1 -> {
        driver.tell("client of " + name + " dies");
        sessions.clientDies(name, random);
      }
      case 2 -> failHook("ci-" + random.nextInt(NAMES));
      case 3 -> {
        driver.tell("server of " + name + " is killed");
        sessions.killServer(name, random);
      }
      case 4 -> faults.endDaemon(random);
      case 5 -> faults.fill(name);
      case 6, 7 -> pass(name, random);
      case 8 -> crowd.gather(random);
      default -> change(name, random);
    }
  }

  private static String name(Random random) {
    String kind =
        switch (random.nextInt(6)) {
          case 0 -> "keep-";
          case 1 -> "ci-";
          default -> "pr-";
        };
    return kind + random.nextInt(NAMES);
  }

  private void failHook(String name) throws Exception {
    if (!driver.world().refusesOneMore(name)) {
      faults.failHook(name);
    }
  }

  private void change(String name, Random random) throws Exception {
    switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> {
        driver.tell("write " + name);
        sessions.write(name, random);
      }
      case 4, 5 -> moves.drop(name, random);
      case 6 -> moves.undrop(name, name, random);
      case 7 -> moves.undrop(name, name(random), random);
      case 8 -> making.open(name, random);
      case 9 -> making.branch(name, random);
      case 10 -> making.restore(name, random);
      case 11 -> making.fresh(name);
      case 12, 13 -> making.token(name, random);
      case 14 -> moves.snapshot();
      case 15 -> moves.refresh(name, random);
      case 16 -> moves.reset(name, random);
      case 17 -> moves.suspend(name);
      case 18 -> moves.protect(name, random);
      default -> moves.keep(name, random);
    }
  }

  private void pass(String name, Random random) throws Exception {
    switch (random.nextInt(8)) {
      case 0 -> times.idleInterrupted(random);
      case 1 -> times.idleInTransaction(name, random);
      case 2 -> times.idleGuarded(name);
      case 3, 4 -> times.setClock(random);
      case 5 -> times.setClockUnseen(random);
      default -> times.idle(random);
    }
  }
}
