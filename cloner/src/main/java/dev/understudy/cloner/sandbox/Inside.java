package dev.understudy.cloner.sandbox;

import java.nio.file.Path;

/** The paths of a {@link Confinement} as the server itself sees them. */
public record Inside(Path home, Path data, Path sockets) {
  /** Installations that are shown anyway keep their path: they may have it compiled in. */
  static Inside of(Confinement confinement) {
    Path home = confinement.home();
    return new Inside(
        SystemFiles.shows(home) ? home : Path.of("/postgresql"),
        Path.of("/data"),
        Path.of("/socket"));
  }
}
