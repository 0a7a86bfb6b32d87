package dev.understudy.proxy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL's own regression suite, on a server and through the proxy: the same, test by test.
 * Takes minutes, so it runs only when it is named. System property {@code
 * understudy.regression-suite}: what {@code .ci/regression-suite} prints.
 */
class RegressionSuite {
  private static final Path HOME = Path.of("/usr/lib/postgresql/15");
  private static final Pattern RESULT =
      Pattern.compile("(?m)^(?:test| +)\\s+(\\w+)\\s+\\.\\.\\. (ok|FAILED|failed \\(ignored\\))");

  private final Path suite =
      Path.of(requireNonNull(System.getProperty("understudy.regression-suite"), "no suite"));

  @TempDir private Path directory;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void theProxyMakesNoDifference() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Run direct;
    try (EmbeddedPostgres server = server("direct-server")) {
      direct = run("direct", server.socketDirectory().toString(), server.port(), Map.of());
    }
    Run proxied;
    try (EmbeddedPostgres server = server("proxied-server")) {
      FakeEnvironments environments = FakeEnvironments.at(server.socket());
      try (ProxyHarness proxy = ProxyHarness.with().protocolMinor(0).start(environments)) {
        proxied =
            run(
                "proxied",
                "127.0.0.1",
                proxy.port(),
                Map.of(
                    "PGPASSWORD",
                    TestClient.PASSWORD,
                    "PGOPTIONS",
                    "-c understudy.environment=pr-1"));
      }
      assertThat(environments.openLeases()).isZero();
      System.out.printf("%d sessions through the proxy%n", environments.requests().size());
    }

    assertThat(proxied.results().keySet()).isEqualTo(direct.results().keySet());
    for (String test : direct.results().keySet()) {
      if (!(direct.passed(test) && proxied.passed(test))) {
        assertThat(proxied.output(test)).as(test).isEqualTo(direct.output(test));
      }
    }
    assertThat(direct.results()).hasSizeGreaterThan(150);
  }

  private EmbeddedPostgres server(String name) throws IOException, InterruptedException {
    return EmbeddedPostgres.create(
        directory.resolve(name),
        ServerOptions.of(HOME)
            .withSettings(Map.of("max_prepared_transactions", "2", "fsync", "off")));
  }

  private Run run(String name, String host, int port, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createDirectory(directory.resolve(name));
    // The server writes there too.
    Files.setPosixFilePermissions(
        Files.createDirectory(output.resolve("results")),
        PosixFilePermissions.fromString("rwxrwxrwx"));
    Path log = directory.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    HOME.resolve("lib/pgxs/src/test/regress/pg_regress").toString(),
                    "--inputdir=" + suite,
                    "--outputdir=" + output,
                    "--dlpath=" + suite,
                    "--bindir=" + HOME.resolve("bin"),
                    "--host=" + host,
                    "--port=" + port,
                    "--user=postgres",
                    "--max-concurrent-tests=20",
                    "--schedule=" + suite.resolve("parallel_schedule")))
            .directory(output.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    builder.start().waitFor();
    String said = Files.readString(log);
    Map<String, String> results = new TreeMap<>();
    for (Matcher result = RESULT.matcher(said); result.find(); ) {
      results.put(result.group(1), result.group(2));
    }
    List<String> failed = new ArrayList<>(results.keySet());
    failed.removeIf(test -> requireNonNull(results.get(test)).equals("ok"));
    System.out.printf(
        "%s: %d tests, %d of them failed %s, in %d s%n",
        name, results.size(), failed.size(), failed, (System.nanoTime() - start) / 1_000_000_000);
    assertThat(results).as(said).isNotEmpty();
    return new Run(output, results);
  }

  /** What pg_regress said of each test. */
  private record Run(Path directory, Map<String, String> results) {
    boolean passed(String test) {
      return "ok".equals(results.get(test));
    }

    String output(String test) throws IOException {
      return Files.readString(
          directory.resolve("results").resolve(test + ".out"), StandardCharsets.ISO_8859_1);
    }
  }
}
