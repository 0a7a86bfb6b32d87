package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PostgreSQL servers installed on this host. Thread-safe. */
public final class PostgresInstallations {
  private static final Pattern VERSION =
      Pattern.compile("postgres \\(PostgreSQL\\) ([0-9]+)\\.([0-9]+).*", Pattern.DOTALL);

  private static final List<String> PLACES =
      List.of(
          // Debian, Ubuntu
          "/usr/lib/postgresql/MAJOR",
          // RHEL and Fedora, from PostgreSQL's own repository
          "/usr/pgsql-MAJOR",
          // SUSE
          "/usr/lib/postgresqlMAJOR",
          // Gentoo
          "/usr/lib64/postgresql-MAJOR",
          // Homebrew
          "/home/linuxbrew/.linuxbrew/opt/postgresql@MAJOR",
          "/usr/local/pgsql-MAJOR",
          "/usr/libexec/postgresqlMAJOR",
          "/usr/local/pgsql",
          // Container images
          "/usr/local",
          // RHEL's and Fedora's own, Arch
          "/usr");

  private final List<Path> configured;
  private final Map<Path, PostgresBinaries> known = new ConcurrentHashMap<>();

  /**
   * @param configured homes to look at before the usual places; each one's {@code bin/} holds
   *     {@code postgres}
   */
  public PostgresInstallations(List<Path> configured) {
    this.configured = List.copyOf(configured);
  }

  /** The first installation of this major version. */
  public Optional<PostgresBinaries> find(int major) throws IOException, InterruptedException {
    for (Path home : homes(major)) {
      if (Files.isExecutable(home.resolve("bin/postgres"))) {
        PostgresBinaries binaries = at(home);
        if (binaries.major() == major) {
          return Optional.of(binaries);
        }
      }
    }
    return Optional.empty();
  }

  /** The places that are looked at, for a message that nothing was found. */
  public List<Path> homes(int major) {
    List<Path> homes = new ArrayList<>(configured);
    for (String place : PLACES) {
      homes.add(Path.of(place.replace("MAJOR", Integer.toString(major))));
    }
    return List.copyOf(homes);
  }

  /**
   * The installation in this directory.
   *
   * @throws IOException if there is none or it does not tell its version
   */
  public PostgresBinaries at(Path home) throws IOException, InterruptedException {
    Path real = home.toRealPath();
    PostgresBinaries before = known.get(real);
    if (before != null) {
      return before;
    }
    PostgresBinaries binaries = new PostgresBinaries(real, askVersion(real));
    known.put(real, binaries);
    return binaries;
  }

  private static int askVersion(Path home) throws IOException, InterruptedException {
    String postgres = home.resolve("bin/postgres").toString();
    ShortCommand.Result result = ShortCommand.run(List.of(postgres, "--version"));
    if (!result.succeeded()) {
      throw new IOException(postgres + " --version does not work: " + result.output().strip());
    }
    return parseVersion(result.output());
  }

  static int parseVersion(String output) throws IOException {
    Matcher version = VERSION.matcher(output);
    if (!version.matches()) {
      throw new IOException("not a released PostgreSQL: " + output.strip());
    }
    return Integer.parseInt(version.group(1)) * 10_000 + Integer.parseInt(version.group(2));
  }
}
