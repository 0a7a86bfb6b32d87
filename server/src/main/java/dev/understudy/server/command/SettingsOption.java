package dev.understudy.server.command;

import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -c FILE}. */
final class SettingsOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "the settings; every key is in docs/configuration.md")
  private Path file = Path.of("");

  SettingsFile read() throws SettingsException {
    return SettingsFile.read(file);
  }

  Path file() {
    return file;
  }
}
