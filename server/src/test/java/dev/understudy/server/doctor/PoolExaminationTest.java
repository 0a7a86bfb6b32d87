package dev.understudy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.doctor.Finding.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolExaminationTest {
  @TempDir Path directory;

  @Test
  void aDirectoryThatDoesNotExistIsJudgedByItsParentAndNotMade() throws Exception {
    Path dataDirectory = directory.resolve("a/b");
    List<Finding> findings = new PoolExamination(dataDirectory).examine();

    assertThat(findings).noneMatch(finding -> finding.verdict() == Verdict.BAD);
    assertThat(findings.getFirst().text()).contains("does not exist yet", directory.toString());
    assertThat(findings).filteredOn(finding -> finding.subject().equals("pool")).isNotEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whereBlocksCannotBeSharedThereIsARemedyAndZfsIsSpokenOf() throws Exception {
    List<Finding> findings = new PoolExamination(directory).examine();

    assertThat(findings).extracting(Finding::text).anyMatch(text -> text.contains("ZFS datasets"));
    assertThat(findings)
        .filteredOn(finding -> finding.text().startsWith("plain copy"))
        .allSatisfy(finding ->
            assertThat(finding.advice())
                .contains("understudy pool create --size 100G --data-directory " + directory));
  }

  @Test
  void aPathThatIsTooLongForSocketsIsBad() throws Exception {
    Path dataDirectory = directory.resolve("x".repeat(100));

    assertThat(new PoolExamination(dataDirectory).examine())
        .filteredOn(finding -> finding.verdict() == Verdict.BAD)
        .singleElement()
        .satisfies(finding -> assertThat(finding.text()).contains("Linux allows 107"));
  }
}
