package dev.understudy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From a path to a resolved tree of values, with every way to fail said in words. */
final class HoconFile {
  private static final long MAX_BYTES = 1 << 20;

  private HoconFile() {}

  static ConfigObject load(Path file, Map<String, String> variables, Problems problems)
      throws SettingsException {
    String text = read(file);
    DuplicateKeys.find(file.toString(), text).forEach(problems::error);
    ConfigParseOptions options =
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setAllowMissing(false)
            .setIncluder(new StrictIncluder());
    try {
      Config parsed = ConfigFactory.parseFile(file.toFile(), options);
      ConfigResolveOptions resolve =
          ConfigResolveOptions.noSystem().appendResolver(new Variables(variables));
      return parsed.resolve(resolve).root();
    } catch (ConfigException.UnresolvedSubstitution e) {
      String what = plain(e);
      throw failure(
          file,
          e.origin(),
          what.replaceFirst("Could not resolve substitution to a value: ", "there is no ")
              + ": neither a key of this file nor an environment variable of this process");
    } catch (ConfigException e) {
      throw failure(file, e.origin(), plain(e));
    }
  }

  private static String read(Path file) throws SettingsException {
    if (Files.isDirectory(file)) {
      throw failure(file, null, "is a directory; name the settings file in it");
    }
    if (!Files.exists(file)) {
      throw failure(file, null, "there is no such file");
    }
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw failure(file, null, "is not a text file of at most 1 MiB");
      }
      return Files.readString(file);
    } catch (AccessDeniedException e) {
      throw failure(
          file, null, "cannot be read by user " + System.getProperty("user.name") + ": denied");
    } catch (CharacterCodingException e) {
      throw failure(file, null, "is not text in UTF-8");
    } catch (IOException e) {
      throw failure(file, null, "cannot be read: " + e.getMessage());
    }
  }

  /** The library puts the place before its message; ours has a field for it. */
  private static String plain(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    ConfigOrigin origin = e.origin();
    String prefix = origin == null ? "" : origin.description() + ": ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  private static SettingsException failure(
      Path file, @Nullable ConfigOrigin origin, String message) {
    String name = origin == null || origin.filename() == null ? file.toString() : origin.filename();
    int line = origin == null ? 0 : Math.max(0, origin.lineNumber());
    return new SettingsException(List.of(new Problem(name, line, "", message)));
  }
}
