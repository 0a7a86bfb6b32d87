package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is run in a new clone before anybody gets in: migrations, seeds. */
public sealed interface Hook {
  /** That it works in; null: the policy's. */
  @Nullable String database();

  /** A file of SQL, as psql reads it. */
  record Script(Path file, @Nullable String database) implements Hook {
    public Script {
      requireNonNull(file, "file is null");
    }
  }

  /**
   * A program with its arguments. It reaches this clone alone.
   *
   * @param directory that it sees, read-only, and works in; null: none
   */
  record Command(List<String> words, @Nullable Path directory, @Nullable String database)
      implements Hook {
    public Command {
      words = List.copyOf(words);
      if (words.isEmpty()) {
        throw new IllegalArgumentException("no program");
      }
    }
  }
}
