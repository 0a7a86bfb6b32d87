package dev.understudy.cloner.dump;

import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client programs of an installation.
 *
 * @param statistics the option that lets the planner's statistics come along; null: there is none
 */
record Tools(Path home, @Nullable String statistics) {
  private static final Pattern STATISTICS =
      Pattern.compile("^\\s+(--(?:with-)?statistics)\\s", Pattern.MULTILINE);

  static Tools of(PostgresBinaries binaries)
      throws SourceException, IOException, InterruptedException {
    List<String> missing = new ArrayList<>();
    for (String name : List.of("initdb", "pg_dump", "pg_restore")) {
      if (!Files.isExecutable(binaries.home().resolve("bin").resolve(name))) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new SourceException(
          Kind.BINARIES,
          "programs of PostgreSQL %d are missing here".formatted(binaries.major()),
          "There is no %s in %s."
              .formatted(String.join(", ", missing), binaries.home().resolve("bin")),
          "Install the client programs of that version, on Debian the package"
              + " postgresql-client-%d.".formatted(binaries.major()));
    }
    String help =
        ShortCommand.run(List.of(binaries.home().resolve("bin/pg_dump").toString(), "--help"))
            .output();
    Matcher option = STATISTICS.matcher(help);
    return new Tools(binaries.home(), option.find() ? option.group(1) : null);
  }
}
