package dev.understudy.server.demo;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.Narrator;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a client sees of Understudy, step by step. The first step that fails ends it. */
final class Tour {
  private static final Duration DROP_TIMEOUT = Duration.ofSeconds(60);
  private static final String COUNT = "SELECT count(*) FROM shop.customers";
  private static final String VISIT =
      "INSERT INTO shop.customers (name, email, city, created_at)"
          + " VALUES ('Visitor', 'visitor@example.com', 'Here', now())";

  private final Narrator narrator;
  private final ShopProduction production;
  private final int port;
  private final Path certificate;
  private final Predicate<String> exists;

  /**
   * @param certificate that clients are shown who ask for TLS
   * @param exists whether there is an environment of a name, without making it
   */
  Tour(
      Narrator narrator,
      ShopProduction production,
      int port,
      Path certificate,
      Predicate<String> exists) {
    this.narrator = requireNonNull(narrator, "narrator is null");
    this.production = requireNonNull(production, "production is null");
    this.port = port;
    this.certificate = requireNonNull(certificate, "certificate is null");
    this.exists = requireNonNull(exists, "exists is null");
  }

  void walk() throws Exception {
    try (Connection real = production.connect();
        Connection first = create("pr-1");
        Connection second = create("pr-2")) {
      long customers = number(real, COUNT);
      narrator.step(
          "both hold production's " + customers + " customers",
          () -> {
            expect(customers, number(first, COUNT), "customers in pr-1");
            expect(customers, number(second, COUNT), "customers in pr-2");
            return true;
          });
      narrator.step(
          "a row written in pr-1 is unseen in pr-2 and in production",
          () -> {
            execute(first, VISIT);
            expect(customers + 1, number(first, COUNT), "customers in pr-1");
            expect(customers, number(second, COUNT), "customers in pr-2");
            expect(customers, number(real, COUNT), "customers in production");
            return true;
          });
      narrator.step(
          "DROP TABLE shop.order_lines CASCADE in pr-2; still there in pr-1 and in production",
          () -> {
            execute(second, "DROP TABLE shop.order_lines CASCADE");
            String lines = "SELECT count(*) FROM shop.order_lines";
            expectRefusal("42P01", () -> number(second, lines));
            expect(number(real, lines), number(first, lines), "order lines in pr-1");
            return true;
          });
    }
    encryption();
    refusals();
    idle();
  }

  private Connection create(String environment) throws Exception {
    return narrator.step(
        "connect to shop@" + environment + ", which did not exist",
        () -> {
          expect(false, exists.test(environment), environment + " exists beforehand");
          Connection connection = connect("shop@" + environment, ShopProduction.PASSWORD);
          expect(environment, text(connection, "SHOW understudy.environment"), "the environment");
          return connection;
        });
  }

  private void encryption() throws Exception {
    narrator.step(
        "connect with TLS, whose certificate is verified (verify-full)",
        () -> {
          Properties properties = properties(ShopProduction.PASSWORD);
          properties.setProperty("sslmode", "verify-full");
          properties.setProperty("sslrootcert", certificate.toString());
          properties.setProperty("channelBinding", "require");
          try (Connection connection = connect("shop@pr-1", properties)) {
            expect("pr-1", text(connection, "SHOW understudy.environment"), "the environment");
            return true;
          }
        });
  }

  private void refusals() throws Exception {
    narrator.step(
        "a name that no pattern covers is refused (3D000)",
        () -> expectRefusal("3D000", () -> connect("shop@nobody", ShopProduction.PASSWORD)));
    narrator.step(
        "a wrong password is refused (28P01), and makes nothing",
        () -> {
          expectRefusal("28P01", () -> connect("shop@pr-3", "wrong"));
          expect(false, exists.test("pr-3"), "pr-3 exists");
          return true;
        });
  }

  private void idle() throws Exception {
    try (Connection quiet = create("ci-1")) {
      execute(quiet, VISIT);
      narrator.step(
          "left idle, ci-1 is dropped; its quiet session is told when it asks for something"
              + " (57P01)",
          () -> {
            awaitDrop("ci-1");
            return awaitEnd(quiet);
          });
    }
    narrator.step(
        "connecting to shop@ci-1 again makes it afresh",
        () -> {
          try (Connection again = connect("shop@ci-1", ShopProduction.PASSWORD);
              Connection real = production.connect()) {
            expect(number(real, COUNT), number(again, COUNT), "customers in the new ci-1");
            return true;
          }
        });
  }

  private void awaitDrop(String environment) throws TourException, InterruptedException {
    long deadline = System.nanoTime() + DROP_TIMEOUT.toNanos();
    while (exists.test(environment)) {
      if (System.nanoTime() > deadline) {
        throw new TourException(environment + " was not dropped within " + DROP_TIMEOUT, null);
      }
      Thread.sleep(20);
    }
  }

  /** The server ends a moment after the environment is gone, and may answer until then. */
  private static boolean awaitEnd(Connection quiet) throws TourException, InterruptedException {
    long deadline = System.nanoTime() + DROP_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      Thread.sleep(100); // who asks all the time is not quiet
      try {
        number(quiet, COUNT);
      } catch (SQLException e) {
        return expectRefusal(
            "57P01",
            () -> {
              throw e;
            });
      }
      Thread.sleep(20);
    }
    throw new TourException("its server did not end within " + DROP_TIMEOUT, null);
  }

  private Connection connect(String database, String password) throws SQLException {
    return connect(database, properties(password));
  }

  private Connection connect(String database, Properties properties) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + database.replace("@", "%40");
    return DriverManager.getConnection(url, properties);
  }

  private static Properties properties(String password) {
    Properties properties = new Properties();
    properties.setProperty("user", ShopProduction.LOGIN);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "60");
    properties.setProperty("ApplicationName", "understudy demo");
    return properties;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(Connection connection, String query) throws SQLException {
    return Long.parseLong(text(connection, query));
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  private static void expect(Object expected, Object actual, String what) throws TourException {
    if (!expected.equals(actual)) {
      throw new TourException(what + ": " + actual + " instead of " + expected, null);
    }
  }

  /** Something that the database must refuse. */
  private interface Refused {
    @Nullable Object attempt() throws SQLException;
  }

  private static boolean expectRefusal(String sqlState, Refused refused) throws TourException {
    try {
      Object result = refused.attempt();
      if (result instanceof Connection connection) {
        connection.close();
      }
    } catch (SQLException e) {
      if (sqlState.equals(e.getSQLState())) {
        return true;
      }
      throw new TourException(
          "refused by " + e.getSQLState() + " instead of " + sqlState + ": " + e.getMessage(), e);
    }
    throw new TourException("not refused, where " + sqlState + " was to come", null);
  }
}
