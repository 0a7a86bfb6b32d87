package dev.understudy.config;

import java.util.List;
import java.util.stream.Collectors;

/** A settings file cannot be used. Carries all that is wrong with it, in the file's order. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public SettingsException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
