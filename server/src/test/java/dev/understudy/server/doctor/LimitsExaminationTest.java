package dev.understudy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsExaminationTest {
  private static final String LIMITS =
      """
      Limit                     Soft Limit           Hard Limit           Units
      Max processes             unlimited            unlimited            processes
      Max open files            1024                 524288               files
      """;

  @TempDir Path proc;

  @Test
  void readsTheSoftLimit() throws Exception {
    assertThat(LimitsExamination.limit(LIMITS, "Max open files")).isEqualTo(1024);
    assertThat(LimitsExamination.limit(LIMITS, "Max processes")).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> LimitsExamination.limit(LIMITS, "Max cheese"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Max cheese");
  }

  @Test
  void saysWhatIsLow() throws Exception {
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/limits"), LIMITS);
    Files.createDirectories(proc.resolve("sys/user"));
    Files.writeString(proc.resolve("sys/user/max_user_namespaces"), "0\n");

    List<Finding> findings = new LimitsExamination(proc, proc.resolve("no-shm")).examine();

    assertThat(findings)
        .extracting(Finding::subject, Finding::verdict)
        .containsExactly(
            tuple("open files", Verdict.POOR),
            tuple("processes", Verdict.GOOD),
            tuple("namespaces", Verdict.GOOD),
            tuple("shared memory", Verdict.POOR));
    assertThat(findings.get(2).text())
        .contains("user.max_user_namespaces = 0", "apparmor_restrict_unprivileged_userns = not");
  }

  @Test
  void readsNumbersOfTheRealKernelWhole() throws Exception {
    Process sysctl = new ProcessBuilder("cat", "/proc/sys/user/max_user_namespaces").start();
    String number = sysctl.inputReader().readLine();
    List<Finding> findings = new LimitsExamination(Path.of("/proc"), Path.of("/dev/shm")).examine();

    assertThat(findings.get(2).text()).contains("user.max_user_namespaces = " + number + ",");
  }
}
