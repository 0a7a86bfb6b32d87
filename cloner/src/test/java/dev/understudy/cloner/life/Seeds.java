package dev.understudy.cloner.life;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Seeds of lives that failed once: kept in {@code seeds.txt}, and lived again. */
final class Seeds {
  private static final Path FAILED = Path.of("target", "life", "failed.txt");

  private Seeds() {}

  /** The lives of {@code seeds.txt}: seed, file system, and why it is there. */
  static List<Seed> kept() throws IOException {
    try (InputStream file = requireNonNull(Seeds.class.getResourceAsStream("seeds.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" +", 4))
          .map(words -> new Seed(Long.parseLong(words[0]), words[1], Integer.parseInt(words[2])))
          .toList();
    }
  }

  /** A life. */
  record Seed(long number, String fileSystem, int operations) {}

  /**
   * Writes down what failed, for {@code seeds.txt} and for whoever looks into it.
   *
   * @return where
   */
  static Path keep(Seed seed, String story) throws IOException {
    Files.createDirectories(requireNonNull(FAILED.getParent()));
    Files.writeString(
        FAILED,
        "%d %s %d%n%s%n%n".formatted(seed.number(), seed.fileSystem(), seed.operations(), story),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return FAILED.toAbsolutePath();
  }
}
