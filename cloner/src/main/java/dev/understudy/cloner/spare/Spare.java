package dev.understudy.cloner.spare;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;

/**
 * A clone whose server was started and that nobody has used.
 *
 * @param place closed when its server has ended, or passed on with it to an environment
 */
public record Spare(Clone target, SparePlace place) {
  public Spare {
    requireNonNull(target, "target is null");
    requireNonNull(place, "place is null");
  }

  public boolean isOf(String source, String snapshot) {
    return target.origin().source().equals(source) && target.origin().snapshot().equals(snapshot);
  }

  public boolean runs() {
    return target.server().isPresent();
  }
}
