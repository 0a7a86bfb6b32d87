package dev.understudy.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Problem;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.ShutdownMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlsTest {
  private final Controls controls = new Controls();
  private final List<ShutdownMode> ends = new ArrayList<>();

  @Test
  void refusesWhatNobodyHasConnected() {
    assertThatThrownBy(controls::reload)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.sqlState()).isEqualTo("0A000"));
    assertThatThrownBy(() -> controls.shutdown(ShutdownMode.DRAIN))
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.sqlState()).isEqualTo("0A000"));
    assertThat(controls.logins()).isZero();
  }

  @Test
  void passesOnWhatSomebodyHas() {
    controls.connect(() -> new ReloadResult.Applied(List.of("a"), List.of()), ends::add);

    assertThat(controls.reload().waiting()).containsExactly("a");
    controls.shutdown(ShutdownMode.WAIT_FOR_CLIENTS);
    assertThat(ends).containsExactly(ShutdownMode.WAIT_FOR_CLIENTS);
  }

  @Test
  void saysAllThatIsWrongWithSettings() {
    controls.connect(
        () ->
            new ReloadResult.Refused(
                List.of(new Problem("f", 1, "a", "no"), new Problem("f", 2, "b", "no"))),
        ends::add);

    assertThatThrownBy(controls::reload)
        .isInstanceOfSatisfying(
            OperationException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo("F0000");
              assertThat(e.detail()).isEqualTo("f:1: a: no\nf:2: b: no");
            });
  }
}
