package dev.understudy.server.doctor;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.PostgresInstallations;
import dev.understudy.config.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which versions of PostgreSQL clones could run, and which sources could be mirrored by them. */
final class BinariesExamination implements Examination {
  private static final String SUBJECT = "PostgreSQL";
  private static final int OLDEST = 13;
  private static final int NEWEST = 20;

  private final List<Path> configured;
  private final List<Source> sources;

  /**
   * @param configured installations named by the settings
   * @param sources of the settings; empty where there are none yet, and each type may come
   */
  BinariesExamination(List<Path> configured, Collection<Source> sources) {
    this.configured = List.copyOf(configured);
    this.sources = List.copyOf(sources);
  }

  @Override
  public List<Finding> examine() throws IOException, InterruptedException {
    PostgresInstallations installations = new PostgresInstallations(configured);
    List<Finding> findings = new ArrayList<>();
    List<PostgresBinaries> all = new ArrayList<>();
    for (Path home : configured) {
      try {
        all.add(installations.at(home));
      } catch (IOException e) {
        findings.add(
            Finding.bad(
                SUBJECT,
                home + " holds no working bin/postgres: " + e.getMessage(),
                "correct postgresql.binaries"));
      }
    }
    for (int major = OLDEST; major <= NEWEST; major++) {
      Optional<PostgresBinaries> found = installations.find(major);
      if (found.isPresent() && !configured.contains(found.get().home())) {
        all.add(found.get());
      }
    }
    all.forEach(binaries -> findings.add(installation(binaries)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.poor(
              SUBJECT,
              "no server binaries found; the demo brings its own",
              "install the server package of your production's major version, or name its directory"
                  + " in postgresql.binaries"));
    }
    sources.forEach(source -> source(source, all).ifPresent(findings::add));
    return findings;
  }

  private Finding installation(PostgresBinaries binaries) {
    SortedSet<String> needed = new TreeSet<>(sources.isEmpty() ? ClientPrograms.ALL : List.of());
    sources.forEach(source -> needed.addAll(ClientPrograms.of(source.type())));
    List<String> missing = ClientPrograms.missing(needed, binaries.home());
    return missing.isEmpty()
        ? Finding.good(SUBJECT, describe(binaries))
        : Finding.poor(
            SUBJECT,
            "%s, without %s".formatted(describe(binaries), String.join(", ", missing)),
            "sources of type standby and dump need them: install %s"
                .formatted(ClientPrograms.packages(binaries.major())));
  }

  /** Which version its production has is known to nobody here. */
  private static Optional<Finding> source(Source source, List<PostgresBinaries> all) {
    List<String> needed = ClientPrograms.of(source.type());
    if (needed.isEmpty()) {
      return Optional.empty();
    }
    String subject = "source " + source.name();
    String programs = String.join(", ", needed);
    String majors =
        all.stream()
            .filter(binaries -> ClientPrograms.missing(needed, binaries.home()).isEmpty())
            .map(binaries -> Integer.toString(binaries.major()))
            .distinct()
            .collect(Collectors.joining(", "));
    return Optional.of(
        majors.isEmpty()
            ? Finding.bad(
                subject,
                "no installation has %s, which it needs".formatted(programs),
                "install %s, of production's major version"
                    .formatted(ClientPrograms.packages("MAJOR")))
            : Finding.good(
                subject,
                "needs %s of production's major version; here for %s".formatted(programs, majors)));
  }

  private static String describe(PostgresBinaries binaries) {
    return binaries.major() + "." + binaries.version() % 10_000 + " in " + binaries.home();
  }
}
