package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.server.CommandException;
import dev.understudy.server.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The settings file that {@code up} makes, 0600, beside its data directory. */
final class UpFile {
  private final Path path;

  private UpFile(Path path) {
    this.path = path;
  }

  static UpFile beside(Path dataDirectory) {
    return new UpFile(dataDirectory.resolveSibling(dataDirectory.getFileName() + ".conf"));
  }

  Path path() {
    return path;
  }

  boolean exists() {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  void write(String text) throws IOException {
    Path parent = requireNonNull(path.toAbsolutePath().getParent(), "a file has a parent");
    Files.createDirectories(parent);
    WholeFile.write(path, text, "rw-------");
  }

  /**
   * Reads it, as whoever may have edited it left it.
   *
   * @throws CommandException if it is for another production than the URL's
   */
  Settings read(Secret url) throws SettingsException, CommandException {
    Settings settings = SettingsFile.read(path).settings();
    boolean same =
        settings.sources().values().stream().anyMatch(source -> url.equals(urlOf(source)));
    if (!same) {
      throw new CommandException(
          path + " is for another URL than this one",
          "Run understudy serve -c %s, name another --data-directory, or remove the file."
              .formatted(path),
          null);
    }
    return settings;
  }

  private static Secret urlOf(Source source) {
    return switch (source.type()) {
      case SourceType.Standby standby -> standby.url();
      case SourceType.Dump dump -> dump.url();
      case SourceType.Directory directory ->
          directory.url() == null ? new Secret("") : directory.url();
    };
  }
}
