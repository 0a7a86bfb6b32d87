package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A settings file that was read and found valid.
 *
 * @param warnings what is allowed but should be known
 */
public record SettingsFile(Settings settings, List<Problem> warnings) {
  public SettingsFile {
    requireNonNull(settings, "settings is null");
    warnings = List.copyOf(warnings);
  }

  /** Reads HOCON; {@code ${NAME}} stands for a variable of this process's environment. */
  public static SettingsFile read(Path file) throws SettingsException {
    return read(file, System.getenv());
  }

  static SettingsFile read(Path file, Map<String, String> variables) throws SettingsException {
    return read(file, variables, new Problems());
  }

  static SettingsFile read(Path file, Map<String, String> variables, Problems problems)
      throws SettingsException {
    ConfigObject root = HoconFile.load(file, variables, problems);
    Section whole = new Section(root, "", file.toString(), problems);
    Section understudy =
        whole.required("understudy", "write understudy { ... } around all settings");
    whole.refuseUnknown();
    if (understudy.isEmpty()) {
      throw new SettingsException(problems.errors());
    }
    Settings settings = new SettingsReader(understudy).read();
    if (!problems.errors().isEmpty()) {
      throw new SettingsException(problems.errors());
    }
    return new SettingsFile(settings, problems.warnings());
  }
}
