package dev.understudy.cloner.spare;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;

/** A clone whose server was started and that nobody has used. */
record Spare(Clone target, SparePlace place) {
  Spare {
    requireNonNull(target, "target is null");
    requireNonNull(place, "place is null");
  }

  boolean isOf(String source, String snapshot) {
    return target.origin().source().equals(source) && target.origin().snapshot().equals(snapshot);
  }

  boolean runs() {
    return target.server().isPresent();
  }
}
