package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DoorwayTest {
  private static final Duration STAY = Duration.ofSeconds(1);

  private final List<String> admitted = new ArrayList<>();
  private final List<String> gaveWay = new ArrayList<>();
  private long now = Long.MAX_VALUE - 10;

  @Test
  void letsInUntilPlacesAreTaken() {
    Doorway doorway = doorway(2, 2, 10);

    for (String name : List.of("a1", "b1", "c1")) {
      enter(doorway, name);
    }

    assertThat(admitted).containsExactly("a1", "b1");
    assertThat(doorway.inside()).isEqualTo(2);
    assertThat(doorway.waiting()).isEqualTo(1);
  }

  @Test
  void oneAddressCannotKeepOthersOut() {
    Doorway doorway = doorway(3, 2, 10);

    for (String name : List.of("a1", "a2", "a3", "a4", "b1")) {
      enter(doorway, name);
    }

    assertThat(admitted).containsExactly("a1", "a2", "b1");
  }

  @Test
  void aPlaceThatIsLeftGoesToTheFirstOfThatAddress() {
    Doorway doorway = doorway(10, 1, 10);
    Doorway.Visit first = requireNonNull(enter(doorway, "a1"));
    enter(doorway, "a2");
    enter(doorway, "a3");

    first.leave();

    assertThat(admitted).containsExactly("a1", "a2");
  }

  @Test
  void addressesTakeTurns() {
    Doorway doorway = doorway(1, 1, 10);
    List<String> names = List.of("a1", "a2", "a3", "b1", "b2");
    List<Doorway.Visit> visits = new ArrayList<>();
    for (String name : names) {
      visits.add(requireNonNull(enter(doorway, name)));
    }

    while (admitted.size() < names.size()) {
      visits.get(names.indexOf(admitted.getLast())).leave();
    }

    assertThat(admitted).containsExactly("a1", "a2", "b1", "a3", "b2");
  }

  @Test
  void whoLeavesTheLineIsNotAdmitted() {
    Doorway doorway = doorway(1, 1, 10);
    Doorway.Visit first = requireNonNull(enter(doorway, "a1"));
    Doorway.Visit second = requireNonNull(enter(doorway, "a2"));
    enter(doorway, "a3");

    second.leave();
    first.leave();

    assertThat(admitted).containsExactly("a1", "a3");
  }

  @Test
  void leavingTwiceFreesOnePlace() {
    Doorway doorway = doorway(1, 1, 10);
    Doorway.Visit first = requireNonNull(enter(doorway, "a1"));
    enter(doorway, "a2");
    enter(doorway, "a3");

    first.leave();
    first.leave();

    assertThat(doorway.inside()).isEqualTo(1);
    assertThat(admitted).containsExactly("a1", "a2");
  }

  @Test
  void turnsAwayOnlyWhenTheLineIsFull() {
    Doorway doorway = doorway(1, 1, 1);
    enter(doorway, "a1");

    assertThat(enter(doorway, "a2")).isNotNull();
    assertThat(enter(doorway, "a3")).isNull();
  }

  @Test
  void oneAddressCannotFillTheLine() {
    Doorway doorway = doorway(1, 1, 4);
    for (String name : List.of("a1", "a2", "a3")) {
      assertThat(enter(doorway, name)).isNotNull();
    }

    assertThat(enter(doorway, "a4")).isNull();
    assertThat(enter(doorway, "b1")).isNotNull();
    assertThat(enter(doorway, "c1")).isNotNull();
    assertThat(enter(doorway, "d1")).isNull();
    assertThat(doorway.waiting()).isEqualTo(4);
  }

  @Test
  void everybodyGoneLeavesNothingBehind() {
    Doorway doorway = doorway(2, 1, 10);
    List<Doorway.Visit> visits = new ArrayList<>();
    for (String name : List.of("a1", "b1", "a2", "b2", "a3", "b3")) {
      visits.add(requireNonNull(enter(doorway, name)));
    }

    visits.forEach(Doorway.Visit::leave);

    assertThat(doorway.inside()).isZero();
    assertThat(doorway.waiting()).isZero();
  }

  @Test
  void whoHasStayedLongGivesWayToSomebodyNew() {
    Doorway doorway = doorway(2, 2, 10);
    enter(doorway, "a1");
    now += STAY.toNanos() / 2;
    enter(doorway, "b1");
    now += STAY.toNanos() / 2;

    enter(doorway, "c1");
    enter(doorway, "c2");

    assertThat(gaveWay).containsExactly("a1");
    assertThat(admitted).containsExactly("a1", "b1", "c1");
    assertThat(doorway.inside()).isEqualTo(2);
    assertThat(doorway.waiting()).isEqualTo(1);
  }

  @Test
  void whoHasStayedLongGivesWayOnlyWhereThatHelps() {
    Doorway doorway = doorway(3, 1, 10);
    Doorway.Visit first = requireNonNull(enter(doorway, "a1"));
    Doorway.Visit other = requireNonNull(enter(doorway, "b1"));
    enter(doorway, "b2");
    first.giveWayIfWanted();
    other.giveWayIfWanted();
    assertThat(gaveWay).isEmpty();
    now += STAY.toNanos();

    first.giveWayIfWanted();
    assertThat(gaveWay).isEmpty();
    other.giveWayIfWanted();
    assertThat(gaveWay).containsExactly("b1");
    assertThat(admitted).containsExactly("a1", "b1", "b2");
  }

  @Test
  void whoWaitedComesBeforeSomebodyNew() {
    Doorway doorway = doorway(1, 1, 10);
    enter(doorway, "a1");
    enter(doorway, "a2");
    now += STAY.toNanos();

    enter(doorway, "b1");

    assertThat(gaveWay).containsExactly("a1");
    assertThat(admitted).containsExactly("a1", "a2");
    assertThat(doorway.waiting()).isEqualTo(1);
  }

  @Test
  void whomNobodyHasAttendedToYetDoesNotGiveWay() {
    Doorway doorway = doorway(1, 1, 10);
    doorway.enter('a', () -> admitted.add("a1"), () -> gaveWay.add("a1"));
    now += 10 * STAY.toNanos();
    enter(doorway, "b1");

    assertThat(gaveWay).isEmpty();
    assertThat(admitted).containsExactly("a1");
  }

  @Test
  void whoGoesOnDoesNotGiveWayHoweverLongItTakes() {
    Doorway doorway = doorway(1, 1, 10);
    Doorway.Visit slow = requireNonNull(enter(doorway, "a1"));
    for (int i = 0; i < 10; i++) {
      now += STAY.toNanos() / 2;
      slow.begin();
      slow.giveWayIfWanted();
      enter(doorway, "b" + i);
    }

    assertThat(gaveWay).isEmpty();
    assertThat(admitted).containsExactly("a1");
  }

  @Test
  void whoGaveWayHasNothingToGiveBack() {
    Doorway doorway = doorway(1, 1, 10);
    Doorway.Visit first = requireNonNull(enter(doorway, "a1"));
    now += STAY.toNanos();
    Doorway.Visit second = requireNonNull(enter(doorway, "a2"));
    enter(doorway, "a3");

    first.leave();
    first.giveWayIfWanted();
    assertThat(admitted).containsExactly("a1", "a2");
    second.leave();

    assertThat(admitted).containsExactly("a1", "a2", "a3");
    assertThat(doorway.inside()).isEqualTo(1);
  }

  private Doorway doorway(int places, int placesPerAddress, int waiting) {
    return new Doorway(places, placesPerAddress, waiting, STAY, () -> now);
  }

  /** The address is the name's first letter. */
  private Doorway.@Nullable Visit enter(Doorway doorway, String name) {
    Doorway.Visit visit =
        doorway.enter(name.charAt(0), () -> admitted.add(name), () -> gaveWay.add(name));
    if (visit != null && admitted.contains(name)) {
      visit.begin();
    }
    return visit;
  }
}
