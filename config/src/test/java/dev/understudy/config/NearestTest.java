package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Test
  void countsEdits() {
    assertThat(Nearest.distance("port", "port")).isZero();
    assertThat(Nearest.distance("prot", "port")).isEqualTo(2);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
  }

  @Test
  void suggestsWhatIsNearAndListsAllOtherwise() {
    assertThat(Nearest.suggest("hots", List.of("host", "port"))).isEqualTo("did you mean host?");
    assertThat(Nearest.suggest("zzzzzz", List.of("host", "port")))
        .isEqualTo("known here: host, port");
  }
}
