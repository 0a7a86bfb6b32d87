package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.testing.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every client library walks through an environment; the walks are in {@code drivers/}. */
class DriversIT {
  private static final Path DRIVERS = Path.of("drivers").toAbsolutePath();
  private static Shop shop;

  @BeforeAll
  static void open() throws Exception {
    shop = Shop.open(Installations.embedded(), null, "\"pr-*\" { source = prod, database = shop }");
  }

  @AfterAll
  static void close() throws Exception {
    shop.close();
  }

  @Test
  void psql() throws Exception {
    assumeRuns("psql", "--version");
    walk("pr-psql", "bash", "psql/run");
  }

  @Test
  void psycopg2() throws Exception {
    assumeRuns("/usr/bin/python3", "-c", "import psycopg2");
    walk("pr-python", "/usr/bin/python3", "python/psycopg2_walk.py");
  }

  @Test
  void nodePostgres() throws Exception {
    assumeTrue(
        Files.isDirectory(DRIVERS.resolve("node/node_modules/pg")),
        "not installed: npm ci in integration-tests/drivers/node");
    walk("pr-node", "node", "node/node-postgres.mjs");
  }

  private static void assumeRuns(String... command) throws InterruptedException {
    try {
      Processes.run(command);
    } catch (IOException e) {
      assumeTrue(false, "does not run here: " + List.of(command));
    }
  }

  private static void walk(String environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(DRIVERS.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "HOST",
                "127.0.0.1",
                "PORT",
                Integer.toString(shop.daemon().port()),
                "LOGIN",
                "app",
                "PASSWORD",
                Shop.PASSWORD,
                "DATABASE",
                "shop",
                "ENVIRONMENT",
                environment));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("ok ");
  }
}
