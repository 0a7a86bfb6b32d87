package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

/** A clone that runs and that nobody has used. */
public record MadeClone(Clone made, CreationTimings timings) {
  public MadeClone {
    requireNonNull(made, "made is null");
    requireNonNull(timings, "timings is null");
  }
}
