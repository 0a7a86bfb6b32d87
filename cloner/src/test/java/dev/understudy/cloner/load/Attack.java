package dev.understudy.cloner.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * A superuser of a clone who knows every password of production tries to get there.
 *
 * @param statements the last of which fails in a clone
 * @param worksInProduction it can be shown there that nothing but the clone stops it
 * @param sqlState that it fails with, or the class of it
 */
record Attack(String name, List<String> statements, boolean worksInProduction, String sqlState) {
  private static final String CONNECTION_EXCEPTION = "08";
  private static final String UNDEFINED_OBJECT = "42704";

  static List<Attack> all(EmbeddedPostgres production) {
    String tcp =
        "host=127.0.0.1 port=%d user=attacker password=%s dbname=bank"
            .formatted(production.port(), BusyProduction.PASSWORD);
    String socket =
        "host=%s port=%d user=attacker dbname=bank"
            .formatted(production.socketDirectory(), production.port());
    return List.of(
        foreignTable("over_tcp"),
        foreignTable("over_socket"),
        repaired("over_tcp", "127.0.0.1", production.port()),
        repaired("over_socket", production.socketDirectory().toString(), production.port()),
        dblink("TCP", tcp),
        dblink("unix socket", socket),
        new Attack(
            "ALTER SUBSCRIPTION",
            List.of("ALTER SUBSCRIPTION incoming ENABLE"),
            false,
            UNDEFINED_OBJECT),
        new Attack(
            "CREATE SUBSCRIPTION",
            List.of(
                "CREATE SUBSCRIPTION another CONNECTION '%s' PUBLICATION outgoing"
                    .formatted(Shop.publisher(production))),
            false,
            CONNECTION_EXCEPTION));
  }

  private static Attack foreignTable(String server) {
    return new Attack(
        "foreign table " + server,
        List.of("SELECT secret FROM vault_" + server),
        true,
        CONNECTION_EXCEPTION);
  }

  /** As production has it. */
  private static Attack repaired(String server, String host, int port) {
    return new Attack(
        "repaired foreign server " + server,
        List.of(
            "ALTER SERVER %s OPTIONS (SET host '%s', SET port '%d')".formatted(server, host, port),
            "DROP USER MAPPING FOR PUBLIC SERVER " + server,
            "CREATE USER MAPPING FOR PUBLIC SERVER %s OPTIONS (user '%s', password '%s')"
                .formatted(server, server, BusyProduction.PASSWORD),
            "SELECT secret FROM vault_" + server),
        true,
        CONNECTION_EXCEPTION);
  }

  private static Attack dblink(String way, String conninfo) {
    return new Attack(
        "dblink by " + way,
        List.of(
            "SELECT * FROM dblink('%s', 'SELECT secret FROM vault') AS v (secret text)"
                .formatted(conninfo)),
        true,
        CONNECTION_EXCEPTION);
  }

  void fails(Connection clone) throws SQLException {
    try (Statement statement = clone.createStatement()) {
      for (String sql : statements.subList(0, statements.size() - 1)) {
        statement.execute(sql);
      }
      assertThatExceptionOfType(SQLException.class)
          .as(name)
          .isThrownBy(() -> statement.execute(statements.getLast()))
          .satisfies(e -> assertThat(e.getSQLState()).as("%s: %s", name, e).startsWith(sqlState));
    }
  }

  /** As a worker does it, which tries again and again for as long as the clone lives. */
  static void subscribeWithoutConnecting(Connection clone, EmbeddedPostgres production)
      throws SQLException {
    try (Statement statement = clone.createStatement()) {
      statement.execute(
          "CREATE SUBSCRIPTION later CONNECTION '%s' PUBLICATION outgoing WITH (connect = false,"
              .formatted(Shop.publisher(production))
              .concat(" slot_name = incoming)"));
      statement.execute("ALTER SUBSCRIPTION later ENABLE");
    }
  }
}
