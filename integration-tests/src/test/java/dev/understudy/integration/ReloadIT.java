package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.testing.Daemon;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings that change, and an end that nobody suffers from, with the daemon as people run it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ReloadIT {
  private static final String ENVIRONMENTS = "\"pr-*\" { source = prod, database = shop }";

  private Shop shop;

  @TempDir Path directory;

  @BeforeAll
  void openShop() throws Exception {
    shop = Shop.open(Installations.embedded(), null, ENVIRONMENTS);
  }

  @AfterAll
  void closeShop() throws Exception {
    shop.close();
  }

  @Test
  void usersAndPatternsComeAndGoAndSessionsStay() throws Exception {
    try (Connection session = shop.connect("shop@pr-1")) {
      assertThatThrownBy(() -> connect("newbie", "shop@qa-1", "disable", null))
          .satisfies(e -> assertState(e, "28P01"));

      String log =
          shop.reload(
              ENVIRONMENTS + ", \"qa-*\" { source = prod, database = shop }",
              """
              authentication = [users]
              users.newbie { password = "fresh", role = app }
              """);

      assertThat(log).contains("Reloaded ").doesNotContain("ERROR", "restart");
      try (Connection newbie = connect("newbie", "shop@qa-1", "disable", null)) {
        assertThat(Shop.ask(newbie, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
        assertThatThrownBy(() -> shop.connect("shop@pr-1")).satisfies(e -> assertState(e, "28P01"));

        shop.reload(ENVIRONMENTS, "");
        assertThat(Shop.ask(newbie, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
      }
      assertThatThrownBy(() -> connect("newbie", "shop@qa-1", "disable", null))
          .satisfies(e -> assertState(e, "28P01"));
      assertThatThrownBy(() -> shop.connect("shop@qa-1")).satisfies(e -> assertState(e, "3D000"));
      assertThat(Shop.ask(session, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
    }
  }

  @Test
  void ofAFileWithMistakesNothingIsTakenUpAndTheLogSaysEachOfThem() throws Exception {
    String log =
        shop.reload(
            "\"qa-*\" { source = nowhere }, \"pr-*\" { source = prod, drop-after = soon }",
            "listen.max-connections = 0");

    assertThat(log)
        .containsPattern(
            "ERROR .*understudy.conf:\\d+: understudy.environments.\"qa-\\*\".source: ")
        .containsPattern(
            "ERROR .*understudy.conf:\\d+: understudy.environments.\"pr-\\*\".drop-after: ")
        .containsPattern("ERROR .*understudy.conf:\\d+: understudy.listen.max-connections: ")
        .contains("is not taken up: all goes on as it was");
    shop.connect("shop@pr-1").close();
    assertThatThrownBy(() -> shop.connect("shop@qa-1")).satisfies(e -> assertState(e, "3D000"));
  }

  @Test
  void ofAFileThatNamesWhatCannotBeUsedNothingIsTakenUpEither() throws Exception {
    String log =
        shop.reload(
            ENVIRONMENTS + ", \"qa-*\" { source = prod, database = shop }",
            """
            listen.tls { mode = allow, certificate = "/no/such.crt", private-key = "/no/such.key" }
            sources.prod.mask.databases.shop.scripts = ["/no/such.sql"]
            """);

    assertThat(log)
        .containsPattern("ERROR .*listen.tls.certificate: /no/such.crt ")
        .containsPattern("ERROR .*the script /no/such.sql of a mask: there is no such file");
    assertThatThrownBy(() -> shop.connect("shop@qa-1")).satisfies(e -> assertState(e, "3D000"));
  }

  @Test
  void whatNeedsARestartIsSaidAndTheRestIsTakenUp() throws Exception {
    String log =
        shop.reload(
            ENVIRONMENTS + ", \"qa-*\" { source = prod, database = shop }",
            """
            listen.host = localhost
            isolation = none
            sources.other { type = directory, directory = /srv/other }
            """);

    assertThat(log)
        .contains("listen.host cannot be changed without a restart")
        .contains("isolation cannot be changed without a restart")
        .contains("sources.other cannot be changed without a restart")
        .contains("Reloaded ");
    shop.connect("shop@qa-2").close();
    shop.reload(ENVIRONMENTS, "");
  }

  @Test
  void newHandshakesShowTheNewCertificate() throws Exception {
    Path first = certificate("first");
    Path second = certificate("second");
    shop.reload(ENVIRONMENTS, tls("first"));
    try (Connection session = connect("app", "shop@pr-1", "verify-full", first)) {
      shop.reload(ENVIRONMENTS, tls("second"));

      connect("app", "shop@pr-1", "verify-full", second).close();
      assertThatThrownBy(() -> connect("app", "shop@pr-1", "verify-full", first))
          .hasStackTraceContaining("PKIX");
      assertThat(Shop.ask(session, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
    }
    shop.reload(ENVIRONMENTS, "");
  }

  @Test
  void anEndUnderLoadComesBetweenTransactionsAndTheNextDaemonFindsTheSameServer() throws Exception {
    long server = prepare();
    int before = shop.daemon().log().length();
    try (Workload workload = new Workload(shop, "shop@pr-load");
        Connection slow = shop.connect("shop@pr-load")) {
      workload.begin(4);
      slow.setAutoCommit(false);
      slow.createStatement().execute("INSERT INTO slow VALUES (1)");
      Daemon daemon = shop.daemon();
      Thread end = Thread.ofVirtual().start(daemon::close);

      Await.soon("nobody is let in", this::isLettingNobodyIn);
      workload.awaitEnd();
      slow.createStatement().execute("INSERT INTO slow VALUES (2)");
      slow.commit();
      assertThatThrownBy(() -> slow.createStatement().execute("INSERT INTO slow VALUES (3)"))
          .satisfies(e -> assertState(e, "57P01"));
      end.join();

      assertThat(daemon.log().substring(before)).endsWith("Stopped\n").doesNotContain("are closed");
      shop.restart(ENVIRONMENTS);
      try (Connection connection = shop.connect("shop@pr-load")) {
        assertThat(started(connection)).isEqualTo(server);
        assertThat(Shop.ask(connection, "SELECT count(*) FROM single"))
            .isEqualTo(workload.statements());
        assertThat(Shop.ask(connection, "SELECT count(*) FROM pair"))
            .isEqualTo(2 * workload.transactions());
        assertThat(Shop.ask(connection, "SELECT sum(n) FROM slow")).isEqualTo(3);
      }
    }
  }

  private long prepare() throws SQLException {
    try (Connection connection = shop.connect("shop@pr-load")) {
      connection
          .createStatement()
          .execute(
              "CREATE TABLE single (n int); CREATE TABLE pair (n int); CREATE TABLE slow (n int)");
      return started(connection);
    }
  }

  private static long started(Connection connection) throws SQLException {
    return Shop.ask(
        connection, "SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint");
  }

  private boolean isLettingNobodyIn() {
    try {
      shop.connect("shop@pr-load").close();
      return false;
    } catch (SQLException e) {
      if ("57P01".equals(e.getSQLState())) {
        return false; // it was let in just before
      }
      assertState(e, "57P03");
      return true;
    }
  }

  private static void assertState(Throwable failure, String state) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).as(e.toString()).isEqualTo(state));
  }

  private String tls(String name) {
    return "listen.tls { mode = require, certificate = \"%1$s.crt\", private-key = \"%1$s.key\" }"
        .formatted(directory.resolve(name));
  }

  private Path certificate(String name) throws Exception {
    X509Bundle bundle =
        new CertificateBuilder()
            .subject("CN=" + name)
            .addSanIpAddress("127.0.0.1")
            .setIsCertificateAuthority(true)
            .algorithm(CertificateBuilder.Algorithm.ecp256)
            .buildSelfSigned();
    Files.writeString(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    return Files.writeString(directory.resolve(name + ".crt"), bundle.getCertificatePEM());
  }

  private Connection connect(String user, String database, String sslMode, @Nullable Path root)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", user.equals("newbie") ? "fresh" : Shop.PASSWORD);
    properties.setProperty("sslmode", sslMode);
    if (root != null) {
      properties.setProperty("sslrootcert", root.toString());
    }
    return DriverManager.getConnection(shop.url(database), properties);
  }
}
