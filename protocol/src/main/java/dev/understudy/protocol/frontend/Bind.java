package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Makes a portal of a prepared statement. The values of parameters are read over.
 *
 * @param portal its name; empty: the unnamed one
 * @param parameters how many values came
 * @param resultFormats 0 is text, 1 is binary: none for text throughout, one for all columns, or
 *     one for each
 */
public record Bind(String portal, String statement, int parameters, List<Integer> resultFormats)
    implements FrontendMessage {
  public Bind {
    requireNonNull(portal, "portal is null");
    requireNonNull(statement, "statement is null");
    resultFormats = List.copyOf(resultFormats);
  }
}
