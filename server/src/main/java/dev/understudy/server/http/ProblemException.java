package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** Ends a request with a problem that only HTTP knows. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  ProblemException(Problem problem, Map<String, String> headers) {
    super(problem.title());
    this.problem = requireNonNull(problem, "problem is null");
    this.headers = Map.copyOf(headers);
  }

  ProblemException(Problem problem) {
    this(problem, Map.of());
  }

  Problem problem() {
    return problem;
  }

  /** Of the answer, beside those that every one has. */
  Map<String, String> headers() {
    return headers;
  }
}
