package dev.understudy.server.operate;

import dev.understudy.config.NamePattern;
import java.util.List;

/**
 * What an actor is confined to, however much belongs to it.
 *
 * @param readOnly it sees everything that it is not kept from, and changes nothing
 * @param environments the only ones that exist for it; empty: all
 */
public record Reach(boolean readOnly, List<NamePattern> environments) {
  /** To nothing. */
  public static final Reach ALL = new Reach(false, List.of());

  public Reach {
    environments = List.copyOf(environments);
  }

  boolean covers(String environment) {
    return environments.isEmpty()
        || environments.stream().anyMatch(pattern -> pattern.matches(environment));
  }
}
