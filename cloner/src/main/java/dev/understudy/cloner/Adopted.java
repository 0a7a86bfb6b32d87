package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Settings;
import java.nio.file.Path;

/** The settings that a cloner works by, with what it has read of files that they name. */
record Adopted(Settings settings, Masks masks) {
  Adopted {
    requireNonNull(settings, "settings is null");
    requireNonNull(masks, "masks is null");
  }

  /** Reads the files. Blocks. */
  static Adopted load(Settings settings, Path dataDirectory) throws ClonerException {
    return new Adopted(settings, Masks.load(settings, dataDirectory));
  }
}
