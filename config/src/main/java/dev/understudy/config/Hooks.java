package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * What is run in each new clone before anybody gets in.
 *
 * @param afterCreate in this order
 * @param timeout of each of them
 */
public record Hooks(List<Hook> afterCreate, Duration timeout) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  public static final Hooks NONE = new Hooks(List.of(), DEFAULT_TIMEOUT);

  public Hooks {
    afterCreate = List.copyOf(afterCreate);
    requireNonNull(timeout, "timeout is null");
  }
}
