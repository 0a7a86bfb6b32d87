package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessStatTest {
  private static final String REST =
      " S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 10";

  @Test
  void theNameMayLookLikeTheRest() {
    ProcessStat stat = ProcessStat.parse("42 (a) R 1 (b\n) x)" + REST);

    assertThat(stat)
        .isEqualTo(new ProcessStat(42, "a) R 1 (b\n) x", 'S', 7, 987654, 5 + 6 + 7 + 8));
  }

  @Test
  void refusesWhatIsShorter() {
    assertThatThrownBy(() -> ProcessStat.parse("42 (a) S 7"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ProcessStat.parse("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void knowsThisProcessAndNoneThatIsNot() {
    long pid = ProcessHandle.current().pid();

    assertThat(ProcessStat.of(pid))
        .hasValueSatisfying(stat -> assertThat(stat.pid()).isEqualTo(pid));
    assertThat(ProcessStat.of(Integer.MAX_VALUE)).isEmpty();
  }
}
