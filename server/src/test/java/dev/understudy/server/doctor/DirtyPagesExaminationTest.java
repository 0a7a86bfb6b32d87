package dev.understudy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirtyPagesExaminationTest {
  @TempDir Path proc;

  @Test
  void aShareOfMuchMemoryIsMuch() throws Exception {
    Finding finding = examine("0", "20");

    assertThat(finding.verdict()).isEqualTo(Verdict.POOR);
    assertThat(finding.text()).contains("3276 MiB");
    assertThat(finding.advice()).contains("vm.dirty_bytes=268435456");
  }

  @Test
  void bytesCountBeforeTheShare() throws Exception {
    assertThat(examine("268435456", "0").verdict()).isEqualTo(Verdict.GOOD);
    assertThat(examine("4294967296", "0").verdict()).isEqualTo(Verdict.POOR);
  }

  @Test
  void theRealKernelSaysIt() throws Exception {
    assertThat(new DirtyPagesExamination(Path.of("/proc")).examine()).hasSize(1);
  }

  @Test
  void nothingIsSaidWhereTheKernelDoesNot() throws Exception {
    assertThat(new DirtyPagesExamination(proc).examine()).isEmpty();
  }

  private Finding examine(String bytes, String ratio) throws IOException {
    Path vm = Files.createDirectories(proc.resolve("sys/vm"));
    Files.writeString(vm.resolve("dirty_bytes"), bytes + "\n");
    Files.writeString(vm.resolve("dirty_ratio"), ratio + "\n");
    Files.writeString(
        proc.resolve("meminfo"),
        "MemTotal:       24650000 kB\nMemAvailable:   16777216 kB\nDirty: 1 kB\n");
    return new DirtyPagesExamination(proc).examine().getFirst();
  }
}
