package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

/** The bounds of all connections that have not authenticated. */
public record Entrance(Porch porch, Doorway doorway, Regrets regrets) {
  public Entrance {
    requireNonNull(porch, "porch is null");
    requireNonNull(doorway, "doorway is null");
    requireNonNull(regrets, "regrets is null");
  }
}
