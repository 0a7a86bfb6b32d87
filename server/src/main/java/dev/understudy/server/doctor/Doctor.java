package dev.understudy.server.doctor;

import dev.understudy.config.Source;
import dev.understudy.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what this host can and cannot do for Understudy, and what to install. */
public final class Doctor {
  private final List<Examination> examinations;

  /**
   * @param runAs as in the settings
   * @param binaries installations named by the settings
   * @param sources of the settings; empty without settings
   * @param mayGoWithoutIsolation the settings say so
   * @param limitsClones the settings want control groups
   */
  public Doctor(
      Path dataDirectory,
      @Nullable String runAs,
      List<Path> binaries,
      Collection<Source> sources,
      boolean mayGoWithoutIsolation,
      boolean limitsClones) {
    this.examinations =
        List.of(
            new IsolationExamination(mayGoWithoutIsolation),
            new RunAsExamination(runAs, dataDirectory),
            new PoolExamination(dataDirectory),
            new BinariesExamination(binaries, sources),
            new GroupsExamination(limitsClones),
            new LimitsExamination(Path.of("/proc"), Path.of("/dev/shm")),
            new DirtyPagesExamination(Path.of("/proc")));
  }

  /** Prints all findings; true if {@code serve} could work here. */
  public boolean examine(PrintWriter out) throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (Examination examination : examinations) {
      try {
        findings.addAll(examination.examine());
      } catch (IOException e) {
        findings.add(
            Finding.bad(
                examination.getClass().getSimpleName(),
                "could not be done: " + e.getMessage(),
                "run doctor with UNDERSTUDY_LOG=debug"));
      }
    }
    findings.forEach(out::println);
    out.flush();
    return findings.stream().noneMatch(finding -> finding.verdict() == Verdict.BAD);
  }
}
