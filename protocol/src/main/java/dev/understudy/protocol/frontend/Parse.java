package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Prepares one statement.
 *
 * @param statement its name; empty: the unnamed one, which the next takes the place of
 * @param types of {@code pg_type} that the client suggests for the first parameters; 0: none
 */
public record Parse(String statement, String text, List<Integer> types) implements FrontendMessage {
  public Parse {
    requireNonNull(statement, "statement is null");
    requireNonNull(text, "text is null");
    types = List.copyOf(types);
  }

  /** Without a type for any parameter. */
  public Parse(String statement, String text) {
    this(statement, text, List.of());
  }
}
