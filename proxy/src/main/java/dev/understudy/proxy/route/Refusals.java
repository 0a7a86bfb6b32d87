package dev.understudy.proxy.route;

import static dev.understudy.protocol.SqlState.CANNOT_CONNECT_NOW;
import static dev.understudy.protocol.SqlState.INSUFFICIENT_PRIVILEGE;
import static dev.understudy.protocol.SqlState.INVALID_CATALOG_NAME;
import static dev.understudy.protocol.SqlState.INVALID_PARAMETER_VALUE;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.protocol.backend.ErrorResponse;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The words for connections that lead nowhere. */
final class Refusals {
  private static final String SETTABLE =
      "A connection may give \"understudy.environment\" and \"understudy.fresh\", and no others of"
          + " this kind.";

  private Refusals() {}

  static ErrorResponse badToken() {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "invalid value for parameter \"understudy.fresh\"",
        FreshToken.RULE,
        "Give the id of the run that needs a fresh environment.");
  }

  static ErrorResponse differentTokens() {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "connection gives different values for \"understudy.fresh\"",
        null,
        "Give it once.");
  }

  static ErrorResponse readOnly(String parameter) {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "parameter \"" + parameter + "\" cannot be set by a client",
        null,
        "Leave it out; SHOW " + parameter + " tells its value in the session.");
  }

  static ErrorResponse unknownParameter(String parameter) {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "unrecognized configuration parameter \"" + parameter + "\"",
        null,
        SETTABLE);
  }

  static ErrorResponse badName(String name) {
    EnvironmentName nearest = EnvironmentName.nearest(name);
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "invalid environment name \"" + name + "\"",
        EnvironmentName.RULE,
        nearest == null ? "Give a name such as \"pr-42\"." : "Use \"" + nearest + "\".");
  }

  static ErrorResponse badServerName(ServerName server) {
    EnvironmentName nearest = EnvironmentName.nearest(server.label().replace('_', '-'));
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "invalid environment name \"" + server.label() + "\" in server name \"" + server + "\"",
        "One label stands before \"" + server.domain() + "\". " + EnvironmentName.RULE,
        nearest == null
            ? "Connect to a host such as \"pr-42." + server.domain() + "\"."
            : "Connect to host \"" + ServerName.of(nearest, server.domain()) + "\".");
  }

  static ErrorResponse noServerName(ServerName server, String hint) {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "server name \"" + server + "\" cannot name environment \"" + server.label() + "\"",
        "Host names have no \"_\".",
        hint);
  }

  static ErrorResponse differentNames(Collection<EnvironmentName> names) {
    return ErrorResponse.fatal(
        INVALID_PARAMETER_VALUE,
        "connection names different environments: " + quoted(names),
        "An environment can be named in the options, after the user name, after the database name"
            + " and by the server name of TLS.",
        "Name it in one place, or the same in all.");
  }

  static ErrorResponse notCovered(EnvironmentName name, Names names, String hint) {
    String patterns =
        names.policies().isEmpty()
            ? "No environments are configured."
            : "Names that can exist: "
                + quoted(names.policies().stream().map(p -> p.pattern()).toList())
                + ".";
    return ErrorResponse.fatal(
        INVALID_CATALOG_NAME, "environment \"" + name + "\" does not exist", patterns, hint);
  }

  static ErrorResponse bareDatabase(String database, String hint) {
    return ErrorResponse.fatal(
        INVALID_CATALOG_NAME,
        "no environment is named for database \"" + database + "\"",
        "Connections never reach production itself, only clones of it that have names.",
        hint);
  }

  static ErrorResponse notBare(EnvironmentName name, String hint) {
    return ErrorResponse.fatal(
        INVALID_CATALOG_NAME,
        "database \"" + name + "\" does not exist",
        "The pattern that covers the name \"" + name + "\" does not take it alone.",
        hint);
  }

  static ErrorResponse noDatabase(String database, @Nullable String detail, String hint) {
    return ErrorResponse.fatal(
        INVALID_CATALOG_NAME, "database \"" + database + "\" does not exist", detail, hint);
  }

  static ErrorResponse severalDatabases(EnvironmentName name, String source, String hint) {
    return ErrorResponse.fatal(
        INVALID_CATALOG_NAME,
        "no database is named for environment \"" + name + "\"",
        "Source \"" + source + "\" has several.",
        hint);
  }

  static ErrorResponse noSnapshot(String source) {
    return ErrorResponse.fatal(
        CANNOT_CONNECT_NOW,
        "source \"" + source + "\" has no snapshot yet",
        null,
        "The daemon's log tells why it could not be cut; it is tried again by itself.");
  }

  static ErrorResponse notYours(
      EnvironmentName name, EnvironmentPolicy policy, @Nullable String hint) {
    return ErrorResponse.fatal(
        INSUFFICIENT_PRIVILEGE,
        "permission denied for environment \"" + name + "\"",
        "Environments of \"" + policy.pattern() + "\" are for the role that they are named after.",
        hint);
  }

  static ErrorResponse sharedName(EnvironmentName name, String role, String other) {
    return ErrorResponse.fatal(
        INSUFFICIENT_PRIVILEGE,
        "permission denied for environment \"" + name + "\"",
        "Roles \""
            + role
            + "\" and \""
            + other
            + "\" would both be the one that it is named after.",
        "Give one of them another name, or give each a pattern of its own in the settings.");
  }

  private static String quoted(Collection<?> texts) {
    return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(", "));
  }
}
