package dev.understudy.server.url;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * An environment, and the way to it.
 *
 * @param serverName of the host that names the environment; null: none does
 * @param database null: the settings leave it to the source, which has only one
 * @param standsAlone whether the environment's name alone can stand for the database
 */
record Target(
    String host,
    @Nullable String serverName,
    int port,
    String login,
    String environment,
    @Nullable String database,
    boolean standsAlone,
    Encryption encryption) {
  Target {
    requireNonNull(host, "host is null");
    requireNonNull(login, "login is null");
    requireNonNull(environment, "environment is null");
    requireNonNull(encryption, "encryption is null");
  }

  /** What a client is to be told that names the environment at this place. */
  ConnectionParameters named(Place place) throws CommandException {
    return switch (place) {
      case DATABASE -> parameters(login, databaseWithEnvironment(), null);
      case USER -> parameters(login + "@" + environment, theDatabase(), null);
      case OPTIONS -> parameters(login, theDatabase(), "-c understudy.environment=" + environment);
      case HOST ->
          new ConnectionParameters(theServerName(), port, login, theDatabase(), null, encryption);
    };
  }

  private String theServerName() throws CommandException {
    if (serverName == null) {
      throw new CommandException(
          "no host name names environment \"" + environment + "\"",
          "Write listen.tls.domain to the settings, and no _ in the environment's name.",
          null);
    }
    return serverName;
  }

  private String databaseWithEnvironment() throws CommandException {
    if (database == null && standsAlone) {
      return environment;
    }
    return theDatabase() + "@" + environment;
  }

  private String theDatabase() throws CommandException {
    if (database == null) {
      throw new CommandException(
          "the settings name no database for environment \"" + environment + "\"",
          "Give --database, or write database = ... to the pattern.",
          null);
    }
    return database;
  }

  private ConnectionParameters parameters(String user, String name, @Nullable String options) {
    return new ConnectionParameters(host, port, user, name, options, encryption);
  }
}
