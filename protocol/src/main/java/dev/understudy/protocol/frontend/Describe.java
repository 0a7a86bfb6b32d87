package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

/** Asks what a statement or a portal returns. */
public record Describe(Target target, String name) implements FrontendMessage {
  public Describe {
    requireNonNull(target, "target is null");
    requireNonNull(name, "name is null");
  }
}
