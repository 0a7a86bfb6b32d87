package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

/**
 * Runs statements of the simple protocol.
 *
 * @param text any number of statements, separated by semicolons
 */
public record Query(String text) implements FrontendMessage {
  public Query {
    requireNonNull(text, "text is null");
  }
}
