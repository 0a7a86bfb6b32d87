package dev.understudy.integration;

import dev.understudy.embedded.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL installations of this host that tests run against. */
final class Installations {
  private static final Path DEBIAN_15 = Path.of("/usr/lib/postgresql/15");

  private Installations() {}

  /** One with PostgreSQL's client programs, which the embedded one lacks; null if there is none. */
  static @Nullable Path withClientPrograms() {
    return Files.isExecutable(DEBIAN_15.resolve("bin/pg_basebackup")) ? DEBIAN_15 : null;
  }

  /** PostgreSQL 18, unpacked once a test run and readable by every user. */
  static Path embedded() throws IOException {
    return EmbeddedBinaries.unpack(
        Path.of(System.getProperty("java.io.tmpdir"), "understudy-test-binaries"));
  }

  static List<Path> all() throws IOException {
    List<Path> homes = new ArrayList<>(List.of(embedded()));
    if (Files.isExecutable(DEBIAN_15.resolve("bin/postgres"))) {
      homes.add(DEBIAN_15);
    }
    return homes;
  }
}
