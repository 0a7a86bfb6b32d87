package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.config.Hocon;
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
import java.util.Optional;

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
    if (urlFor(settings, url).isEmpty()) {
      throw new CommandException(
          path + " is for another URL than this one",
          "Run understudy serve -c %s, name another --data-directory, or remove the file."
              .formatted(path),
          null);
    }
    return settings;
  }

  /** Whether the URL has a password, and the file another one for the same production. */
  boolean hasOtherPassword(Secret url) throws SettingsException, CommandException {
    Secret written = urlFor(read(url), url).orElseThrow();
    Optional<Secret> given = parsed(url).map(ConnectionUrl::password);
    return given.isPresent() && !given.equals(parsed(written).map(ConnectionUrl::password));
  }

  /**
   * Writes the URL in place of the one for the same production. All else stays as it is.
   *
   * @throws CommandException if the file has that one in other words than {@link UpSettings} writes
   */
  void replaceUrl(Secret url) throws SettingsException, CommandException, IOException {
    String written = Hocon.quote(urlFor(read(url), url).orElseThrow().value());
    String text = Files.readString(path);
    if (!text.contains(written)) {
      throw new CommandException(
          path + " has another password for production than the one that was given",
          "Correct url of the source there; it is not written as understudy up writes it.",
          null);
    }
    write(text.replace(written, Hocon.quote(url.value())));
  }

  /** That of the source that is the URL's production. */
  private static Optional<Secret> urlFor(Settings settings, Secret url) {
    return settings.sources().values().stream()
        .map(UpFile::urlOf)
        .flatMap(Optional::stream)
        .filter(written -> isSame(written, url))
        .findFirst();
  }

  private static boolean isSame(Secret one, Secret other) {
    Optional<ConnectionUrl> parsed = parsed(one).map(ConnectionUrl::withoutPassword);
    return one.equals(other)
        || (parsed.isPresent() && parsed.equals(parsed(other).map(ConnectionUrl::withoutPassword)));
  }

  private static Optional<ConnectionUrl> parsed(Secret url) {
    try {
      return Optional.of(ConnectionUrl.parse(url));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // whoever connects says what is wrong with it
    }
  }

  private static Optional<Secret> urlOf(Source source) {
    return switch (source.type()) {
      case SourceType.Standby standby -> Optional.of(standby.url());
      case SourceType.Dump dump -> Optional.of(dump.url());
      case SourceType.Directory directory -> Optional.ofNullable(directory.url());
    };
  }
}
