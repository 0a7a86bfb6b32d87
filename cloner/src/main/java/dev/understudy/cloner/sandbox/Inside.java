package dev.understudy.cloner.sandbox;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The paths of a {@link Confinement} as the server itself sees them.
 *
 * @param shown by the names of {@link Reach}
 */
public record Inside(Path home, Path data, Path sockets, Map<String, Path> shown) {
  public Inside {
    shown = Map.copyOf(shown);
  }

  /** Installations that are shown anyway keep their path: they may have it compiled in. */
  static Inside of(Confinement confinement) {
    Path home = confinement.home();
    Map<String, Path> shown = new HashMap<>();
    confinement.reach().shown().keySet().forEach(name -> shown.put(name, Path.of("/", name)));
    return new Inside(
        SystemFiles.shows(home) ? home : Path.of("/postgresql"),
        Path.of("/data"),
        Path.of("/socket"),
        shown);
  }
}
