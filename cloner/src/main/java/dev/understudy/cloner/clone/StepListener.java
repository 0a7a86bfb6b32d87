package dev.understudy.cloner.clone;

/** Told of each step just after it was done, on the thread that did it. */
@FunctionalInterface
public interface StepListener {
  StepListener NONE = step -> {};

  void reached(Step step);
}
