package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a server reaches beyond its own files, which for clones is nothing. A standby reaches
 * production.
 *
 * @param network the host's, its names included, instead of one with nobody in it
 * @param shown directories of the host, by the path below / that they have inside; read-only
 */
public record Reach(boolean network, Map<String, Path> shown) {
  /** Nothing. */
  public static final Reach NONE = new Reach(false, Map.of());

  public Reach {
    shown = Map.copyOf(requireNonNull(shown, "shown is null"));
  }
}
