package dev.understudy.cloner;

import dev.understudy.cloner.freezing.Freezing;
import dev.understudy.cloner.neutral.Neutralisation;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.config.Fidelity;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the copies of one source, in order: nothing talks to others any more, then the
 * data is changed, and only then it is frozen, as each change makes new rows.
 */
public final class SourceSteps {
  private SourceSteps() {}

  /**
   * For one copy.
   *
   * @param changes what changes the data
   */
  public static List<PreparationStep> of(List<PreparationStep> changes, Fidelity fidelity) {
    List<PreparationStep> steps =
        new ArrayList<>(Neutralisation.around(changes, fidelity.keepEventTriggers()));
    if (fidelity.freeze()) {
      steps.add(new Freezing());
    }
    return List.copyOf(steps);
  }
}
