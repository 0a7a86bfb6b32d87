package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

/**
 * Prepares one statement. The types that the client suggests for its parameters are read over.
 *
 * @param statement its name; empty: the unnamed one, which the next takes the place of
 */
public record Parse(String statement, String text) implements FrontendMessage {
  public Parse {
    requireNonNull(statement, "statement is null");
    requireNonNull(text, "text is null");
  }
}
