package dev.understudy.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesExaminationTest {
  private static final Secret URL = new Secret("postgresql://u@127.0.0.1/postgres");

  @TempDir Path directory;

  /** A version that no host of ours has. */
  private Path installation(String... programs) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("pg/bin"));
    script(bin.resolve("postgres"), "echo 'postgres (PostgreSQL) 13.99'");
    for (String program : programs) {
      script(bin.resolve(program), "exit 0");
    }
    return directory.resolve("pg");
  }

  private static void script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static List<Finding> examine(Path home, Source... sources) throws Exception {
    return new BinariesExamination(List.of(home), List.of(sources)).examine();
  }

  private static Finding of(List<Finding> findings, Path home) {
    return findings.stream()
        .filter(finding -> finding.text().contains("in " + home))
        .findFirst()
        .orElseThrow();
  }

  private static Finding of(List<Finding> findings, String subject) {
    return findings.stream()
        .filter(finding -> finding.subject().equals(subject))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anInstallationWithoutClientProgramsSaysWhatToInstall() throws Exception {
    Path home = installation("pg_dump");

    Finding finding = of(examine(home), home);

    assertThat(finding.verdict()).isEqualTo(Verdict.POOR);
    assertThat(finding.text()).isEqualTo("13.99 in %s, without pg_basebackup, pg_restore", home);
    assertThat(finding.advice()).contains("postgresql-client-13", "postgresql13");
  }

  @Test
  void whatNoSourceNeedsIsNotMissed() throws Exception {
    Path home = installation();
    Source source = new Source("prod", new SourceType.Directory(directory, null, false));

    List<Finding> findings = examine(home, source);

    assertThat(of(findings, home).verdict()).isEqualTo(Verdict.GOOD);
    assertThat(findings).noneMatch(finding -> finding.subject().startsWith("source"));
  }

  @Test
  void eachSourceIsToldForWhichVersionsItsProgramsAreHere() throws Exception {
    Path home = installation("pg_basebackup", "pg_dump");

    List<Finding> findings =
        examine(
            home,
            new Source("followed", new SourceType.Standby(URL)),
            new Source("dumped", new SourceType.Dump(URL)));

    assertThat(of(findings, home).text()).endsWith(", without pg_restore");
    assertThat(of(findings, "source followed").verdict()).isEqualTo(Verdict.GOOD);
    assertThat(of(findings, "source followed").text())
        .startsWith("needs pg_basebackup of production's major version; here for 13");
    assertThat(of(findings, "source dumped").text()).contains("pg_dump, pg_restore");
    assertThat(of(findings, "source dumped").text()).doesNotContain("here for 13");
  }
}
