package dev.understudy.cloner.snapshot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the settings ask for when a copy of a source becomes a snapshot, beside what every copy
 * gets.
 *
 * @param mask digest of the rules that the steps mask it by; null: they mask nothing
 */
public record Recipe(List<PreparationStep> steps, @Nullable String mask) {
  public Recipe {
    steps = List.copyOf(steps);
  }
}
