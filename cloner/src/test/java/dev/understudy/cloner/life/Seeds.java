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
  private static final Path STORIES = Path.of("target", "life", "failed.txt");
  private static final Path SOURCES =
      Path.of("src", "test", "resources", "dev", "understudy", "cloner", "life");

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
   * Writes down what failed: all of it below {@code target}, and the seed among the sources where
   * these can be written, so that the next build's {@code clean} does not take it along.
   *
   * @param module directory that both are in
   * @return where all of it is
   */
  static Path keep(Path module, Seed seed, String story) throws IOException {
    String line = "%d %s %d%n".formatted(seed.number(), seed.fileSystem(), seed.operations());
    Path stories = module.resolve(STORIES);
    Files.createDirectories(requireNonNull(stories.getParent()));
    append(stories, line + story + "%n%n".formatted());
    Path sources = module.resolve(SOURCES);
    if (Files.isWritable(sources)) {
      append(sources.resolve("failed.txt"), line);
    }
    return stories.toAbsolutePath();
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
