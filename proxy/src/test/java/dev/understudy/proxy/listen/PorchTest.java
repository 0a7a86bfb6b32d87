package dev.understudy.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PorchTest {
  private final List<String> gaveWay = new ArrayList<>();

  @Test
  void whoHasBeenThereForLongestGivesWay() {
    Porch porch = new Porch(4);
    for (String name : List.of("a1", "b1", "c1", "d1", "e1", "f1")) {
      enter(porch, name);
    }

    assertThat(gaveWay).containsExactly("a1", "b1");
    assertThat(porch.size()).isEqualTo(4);
  }

  @Test
  void oneAddressHasHalfTheRoom() {
    Porch porch = new Porch(4);
    for (String name : List.of("b1", "a1", "a2", "a3", "a4", "b2")) {
      enter(porch, name);
    }

    assertThat(gaveWay).containsExactly("a1", "a2");
  }

  @Test
  void whoIsGoneMakesRoomOnce() {
    Porch porch = new Porch(2);
    Porch.Stay first = enter(porch, "a1");
    enter(porch, "b1");
    first.end();
    first.end();
    enter(porch, "c1");
    assertThat(gaveWay).isEmpty();

    enter(porch, "d1");
    assertThat(gaveWay).containsExactly("b1");
  }

  /** The address is the name's first letter. */
  private Porch.Stay enter(Porch porch, String name) {
    return porch.enter(name.charAt(0), () -> gaveWay.add(name));
  }
}
