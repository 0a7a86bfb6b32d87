package dev.understudy.proxy.environment;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What a session is told of its environment when it begins. */
public record Notice(String message, @Nullable String detail, @Nullable String hint) {
  public Notice {
    requireNonNull(message, "message is null");
  }
}
