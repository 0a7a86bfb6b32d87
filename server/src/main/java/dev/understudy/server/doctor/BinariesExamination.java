package dev.understudy.server.doctor;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PostgresInstallations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which versions of PostgreSQL clones could run. */
final class BinariesExamination implements Examination {
  private static final String SUBJECT = "PostgreSQL";
  private static final int OLDEST = 13;
  private static final int NEWEST = 20;

  private final List<Path> configured;

  BinariesExamination(List<Path> configured) {
    this.configured = List.copyOf(configured);
  }

  @Override
  public List<Finding> examine() throws IOException, InterruptedException {
    PostgresInstallations installations = new PostgresInstallations(configured);
    List<Finding> findings = new ArrayList<>();
    for (Path home : configured) {
      findings.addAll(configured(installations, home));
    }
    for (int major = OLDEST; major <= NEWEST; major++) {
      Optional<PostgresBinaries> found = installations.find(major);
      if (found.isPresent() && !configured.contains(found.get().home())) {
        findings.add(Finding.good(SUBJECT, describe(found.get())));
      }
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.poor(
              SUBJECT,
              "no server binaries found; the demo brings its own",
              "install the server package of your production's major version, or name its directory"
                  + " in postgresql.binaries"));
    }
    return findings;
  }

  private static List<Finding> configured(PostgresInstallations installations, Path home)
      throws InterruptedException {
    try {
      return List.of(Finding.good(SUBJECT, describe(installations.at(home))));
    } catch (IOException e) {
      return List.of(
          Finding.bad(
              SUBJECT,
              home + " holds no working bin/postgres: " + e.getMessage(),
              "correct postgresql.binaries"));
    }
  }

  private static String describe(PostgresBinaries binaries) {
    return binaries.major() + "." + binaries.version() % 10_000 + " in " + binaries.home();
  }
}
