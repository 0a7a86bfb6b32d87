package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What goes into the {@code postgresql.conf} of a data directory of ours. The file is complete and
 * ours; of production's it carries only what plans and clients see.
 *
 * @param durable fsync and friends on; off for throw-away data
 * @param carried production's settings that are kept, name to value as {@code pg_settings} shows it
 */
public record ServerConfiguration(boolean durable, Map<String, String> carried) {
  public ServerConfiguration {
    carried = Map.copyOf(requireNonNull(carried, "carried is null"));
  }
}
