package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

/**
 * Runs a portal.
 *
 * @param maxRows after so many it is suspended; 0: none
 */
public record Execute(String portal, int maxRows) implements FrontendMessage {
  public Execute {
    requireNonNull(portal, "portal is null");
  }
}
