package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What sessions are counted by.
 *
 * @param environment null: the database is the console
 */
public record DatabaseName(String database, @Nullable String environment) {
  public DatabaseName {
    requireNonNull(database, "database is null");
  }

  /** As it can be connected to. */
  @Override
  public String toString() {
    return environment == null ? database : database + "@" + environment;
  }
}
