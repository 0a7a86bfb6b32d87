package dev.understudy.cloner.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** More are wanted awake than may run. */
final class Crowd {
  /** What was said in a session is taken down by then: an environment is not busy with that. */
  private static final Duration QUIET = Duration.ofMillis(1500);

  private final Driver driver;
  private final Sessions sessions;

  Crowd(Driver driver, Sessions sessions) {
    this.driver = driver;
    this.sessions = sessions;
  }

  /** One after the other is used: who comes takes the place of the one idle for longest. */
  void gather(Random random) throws Exception {
    List<String> names = new ArrayList<>(driver.world().environments().keySet());
    if (names.size() <= LifeSettings.RUNNING) {
      return;
    }
    Collections.shuffle(names, random);
    driver.tell("more are used than may run: " + names);
    String last = names.removeLast();
    for (String name : names) {
      sessions.check(name);
    }
    Thread.sleep(QUIET);
    driver.settle();
    List<String> before = new ArrayList<>(names);
    before.retainAll(driver.awake());
    sessions.check(last);
    driver.settle();
    Set<String> after = driver.awake();
    List<String> stayed = new ArrayList<>(before);
    stayed.retainAll(after);
    assertThat(after).contains(last).hasSizeLessThanOrEqualTo(LifeSettings.RUNNING);
    assertThat(stayed)
        .as("of %s, oldest first", before)
        .isIn(before.subList(1, before.size()), before)
        .hasSizeLessThan(LifeSettings.RUNNING);
    refuse(last);
  }

  /** While all that run have sessions, nobody else gets in, and none of them is ended. */
  private void refuse(String last) throws Exception {
    List<String> names = new ArrayList<>(driver.world().environments().keySet());
    names.remove(last);
    List<String> inside = names.subList(0, LifeSettings.RUNNING);
    sessions.stayIn(
        inside,
        () -> {
          driver.settle();
          assertThat(driver.awake()).containsExactlyInAnyOrderElementsOf(inside);
          driver.refused("53400", "open " + last + " in the crowd", "open", last);
        });
    sessions.check(last);
  }
}
