package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

/** Forgets a statement or a portal; one that is not there is no error. */
public record Close(Target target, String name) implements FrontendMessage {
  public Close {
    requireNonNull(target, "target is null");
    requireNonNull(name, "name is null");
  }
}
