package dev.understudy.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code hooks} of a pattern. */
final class HooksReader {
  private static final String FORMS =
      "write { sql = /path/of/file.sql } or { command = [/path/of/program, argument] }";

  private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MOST_TIMEOUT = Duration.ofDays(1);

  private final Section section;

  HooksReader(Section section) {
    this.section = section;
  }

  Hooks read() {
    List<Hook> hooks = new ArrayList<>();
    for (Section element : section.sections("after-create")) {
      Hook hook = hook(element);
      element.refuseUnknown();
      if (hook != null) {
        hooks.add(hook);
      }
    }
    Duration timeout =
        section.duration("timeout", Hooks.DEFAULT_TIMEOUT, LEAST_TIMEOUT, MOST_TIMEOUT);
    section.refuseUnknown();
    return new Hooks(hooks, timeout);
  }

  private @Nullable Hook hook(Section element) {
    boolean sql = element.has("sql");
    boolean command = element.has("command");
    Path file = path(element, "sql");
    String database = element.text("database");
    List<String> words = element.texts("command", List.of());
    Path directory = path(element, "directory");
    if (sql == command) {
      section.error("after-create", "has an element that is no hook; " + FORMS);
      return null;
    }
    if (sql) {
      if (directory != null) {
        element.error("directory", "is for commands; a file of SQL sees none");
      }
      return file == null ? null : script(element, file, database);
    }
    return words.isEmpty() ? null : command(element, words, directory, database);
  }

  private static Hook script(Section element, Path file, @Nullable String database) {
    if (!Files.isReadable(file)) {
      element.warning("sql", "'" + file + "' cannot be read now; without it nothing is made");
    }
    return new Hook.Script(file, database);
  }

  private static Hook command(
      Section element, List<String> words, @Nullable Path directory, @Nullable String database) {
    Path program = Path.of(words.getFirst());
    if (!program.isAbsolute()) {
      element.error("command", "begins with '" + program + "'; write the path from / on");
    } else if (!Files.isExecutable(program)) {
      element.warning("command", "'" + program + "' is no program now; without it nothing is made");
    }
    if (directory != null && !Files.isDirectory(directory)) {
      element.warning("directory", "'" + directory + "' is not there; without it nothing is made");
    }
    return new Hook.Command(words, directory, database);
  }

  private static @Nullable Path path(Section element, String key) {
    String text = element.text(key);
    if (text == null) {
      return null;
    }
    try {
      return Paths.absolute(text);
    } catch (IllegalArgumentException e) {
      element.error(key, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
