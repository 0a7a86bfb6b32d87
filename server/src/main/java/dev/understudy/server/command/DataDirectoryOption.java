package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** {@code -c FILE} or {@code --data-directory DIR}: before there is a settings file, too. */
final class DataDirectoryOption {
  @ArgGroup(multiplicity = "1")
  private @Nullable Choice choice;

  private static final class Choice {
    @Option(
        names = {"-c", "--config"},
        paramLabel = "FILE",
        required = true,
        description = "settings that name the data directory")
    private @Nullable Path file;

    @Option(
        names = "--data-directory",
        paramLabel = "DIR",
        required = true,
        description = "the data directory itself")
    private @Nullable Path directory;
  }

  /** Absolute. */
  Path read() throws SettingsException {
    Choice made = requireNonNull(choice, "picocli requires one");
    if (made.directory != null) {
      return made.directory.toAbsolutePath().normalize();
    }
    return SettingsFile.read(requireNonNull(made.file, "one of both is given"))
        .settings()
        .dataDirectory();
  }
}
