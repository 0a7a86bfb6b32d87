package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What a session is told of its environment when it begins. */
public record EnvironmentNotice(String message, @Nullable String detail, @Nullable String hint) {
  public EnvironmentNotice {
    requireNonNull(message, "message is null");
  }
}
