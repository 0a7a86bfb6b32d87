package dev.understudy.cloner.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.embedded.EmbeddedBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL in the versions that the build fetches for tests. */
public final class OlderPostgres {
  private static final Path JARS = Path.of("target/postgresql");

  private OlderPostgres() {}

  /** Unpacked once for all test runs; skips the test, with the reason, where it was not fetched. */
  public static Path home(int major) throws IOException {
    Pattern name = Pattern.compile(".*-(" + major + "[0-9.]+)\\.jar");
    for (Path jar : jars()) {
      Matcher matcher = name.matcher(jar.getFileName().toString());
      if (matcher.matches()) {
        return EmbeddedBinaries.unpack(jar, matcher.group(1), Workbench.unpacked());
      }
    }
    assumeTrue(false, "PostgreSQL " + major + " was not fetched; mvn verify does it");
    throw new AssertionError();
  }

  private static List<Path> jars() throws IOException {
    if (!Files.isDirectory(JARS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(JARS)) {
      return files.toList();
    }
  }
}
