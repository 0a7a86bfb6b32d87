package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as an administrator sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeIT {
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
  void aSecondDaemonOnTheSameDirectoryIsRefusedInOneLine() throws Exception {
    Outcome outcome = serve(shop.dataDirectory(), 0, 0);

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .contains(shop.dataDirectory() + " is in use by the process " + shop.daemon().pid())
        .contains("hint: ")
        .doesNotContain("\tat ");
  }

  @Test
  void aPortInUseIsRefusedInOneLine() throws Exception {
    Outcome outcome = serve(directory.resolve("u"), shop.daemon().port(), 0);

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .contains("cannot listen on 127.0.0.1 port " + shop.daemon().port() + ": ")
        .contains("hint: choose another listen.port")
        .doesNotContain("\tat ");
    assertThat(directory.resolve("u")).doesNotExist();
  }

  @Test
  void soIsAPortInUseOfTheHttpApi() throws Exception {
    Outcome outcome = serve(directory.resolve("u"), 0, shop.daemon().port());

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .contains("the HTTP API cannot listen on 127.0.0.1 port " + shop.daemon().port() + ": ")
        .contains("hint: choose another http.port")
        .doesNotContain("\tat ");
    assertThat(directory.resolve("u")).doesNotExist();
  }

  @Test
  void sigtermIsAnOrderlyEndAndTheNextDaemonFindsTheClones() throws Exception {
    try (Connection connection = shop.connect("shop@pr-7")) {
      connection.createStatement().execute("CREATE TABLE kept AS SELECT 7 AS n");
    }
    long clones = Daemon.clones(shop.dataDirectory());
    Daemon first = shop.daemon();
    first.close();
    assertThat(shop.daemon().log()).endsWith("Stopped\n").doesNotContain("\tat ");
    shop.restart(ENVIRONMENTS);

    assertThat(Daemon.clones(shop.dataDirectory())).isEqualTo(clones);
    try (Connection connection = shop.connect("shop@pr-7")) {
      assertThat(Shop.ask(connection, "SELECT n FROM kept")).isEqualTo(7);
    } catch (SQLException e) {
      throw new AssertionError(shop.daemon().log(), e);
    }
  }

  private Outcome serve(Path dataDirectory, int port, int httpPort)
      throws IOException, InterruptedException {
    Path file = directory.resolve("understudy.conf");
    Files.writeString(
        file,
        """
        understudy {
          data-directory = "%s"
          listen.port = %d
          http.port = %d
          sources.prod { type = directory, directory = "%s" }
          environments.staging {}
        }
        """
            .formatted(dataDirectory, port, httpPort, directory.resolve("no-production")));
    Process process =
        new ProcessBuilder(Daemon.launcher().toString(), "serve", "-c", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(output, process.exitValue());
  }

  private record Outcome(String output, int exitCode) {}
}
