package dev.understudy.cloner.production;

import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why production does not let us in, in words that an administrator can act on. */
final class Refusal {
  private static final Pattern FROM = Pattern.compile("host \"([^\"]+)\"");

  private Refusal() {}

  static SourceException of(Production production, SQLException e) {
    String message = String.valueOf(e.getMessage());
    String state = String.valueOf(e.getSQLState());
    String what = "production's server does not let us in";
    String hint =
        switch (state) {
          case "28P01" -> "Correct user and password in url of the source.";
          case "28000" -> hint(production, message);
          case "3D000" ->
              "Name an existing database in url of the source, as in"
                  + " postgresql://USER@HOST:PORT/postgres.";
          case "53300" -> "Production has no connection left: raise max_connections there.";
          case "57P03" -> "Production is starting or stopping. It is tried again.";
          default -> {
            what = "production's server cannot be reached";
            yield "See that it runs, that its listen_addresses and firewall let this host in, and"
                + " that url of the source is right.";
          }
        };
    return new SourceException(
        Kind.CONNECTION, what, "%s: %s".formatted(production.describe(), message), hint, e);
  }

  private static String hint(Production production, String message) {
    String user = "\"" + production.user().replace("\"", "\"\"") + "\"";
    if (message.contains("eer authentication")) {
      return "peer and ident look at the operating system's user, who is not production's here."
          + " Add this line at the top of production's pg_hba.conf, reload it, and put the role's"
          + " password into url of the source: local all,replication %s scram-sha-256"
              .formatted(user);
    }
    if (message.contains("pg_hba.conf")) {
      boolean replication = message.contains("replication connection");
      String database = replication ? "replication" : "all";
      String line =
          production.isUnixSocket()
              ? "local %s %s scram-sha-256".formatted(database, user)
              : "%s %s %s %s scram-sha-256"
                  .formatted(
                      message.contains("no encryption") ? "host" : "hostssl",
                      database,
                      user,
                      network(message));
      return "Add this line to production's pg_hba.conf, and then SELECT pg_reload_conf(): " + line;
    }
    return "See that role %s exists on production and may log in: ALTER ROLE %s LOGIN REPLICATION;"
        .formatted(user, user);
  }

  private static String network(String message) {
    Matcher from = FROM.matcher(message);
    if (!from.find()) {
      return "ADDRESS_OF_THIS_HOST";
    }
    return from.group(1) + (from.group(1).contains(":") ? "/128" : "/32");
  }
}
