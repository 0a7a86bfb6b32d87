package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every client library walks through an environment, by what {@code understudy url} prints for it
 * among others; the walks are in {@code drivers/}. System property {@code understudy.drivers}: all
 * of them, also those that need more than a few packages, or the names of some.
 */
class DriversIT {
  private static final String ENVIRONMENTS =
      """
      "pr-*" { source = prod, database = shop }
      "nap-*" { source = prod, database = shop, suspend-after = 3s }
      """;

  @TempDir private static Path directory;
  private static Authority authority;
  private static Shop shop;

  @BeforeAll
  static void open() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    authority = Authority.in(directory);
    shop =
        Shop.open(
            Installations.embedded(),
            null,
            ENVIRONMENTS,
            "listen.tls { mode = allow, domain = %s, %s }"
                .formatted(Authority.DOMAIN, authority.settings()));
  }

  @AfterAll
  static void close() throws Exception {
    shop.close();
  }

  static Stream<Arguments> walks() {
    String wanted = System.getProperty("understudy.drivers", "main");
    List<String> names = List.of(wanted.split(",", -1));
    return Stream.of(DriverWalk.values())
        .filter(walk ->
            switch (wanted) {
              case "all" -> true;
              case "main" -> walk.isMain();
              default -> names.contains(walk.environment());
            })
        .flatMap(walk -> Stream.of(Arguments.of(walk, false), Arguments.of(walk, true)));
  }

  @ParameterizedTest(name = "{0}, TLS: {1}")
  @MethodSource("walks")
  void walksThrough(DriverWalk walk, boolean tls) throws Exception {
    walk.assumeInstalled();
    String name = walk.environment() + (tls ? "-tls" : "");
    ProcessBuilder builder = walk.process();
    builder
        .environment()
        .putAll(
            Map.of(
                "HOST",
                host(tls),
                "PORT",
                Integer.toString(shop.daemon().port()),
                "LOGIN",
                "app",
                "PASSWORD",
                Shop.PASSWORD,
                "DATABASE",
                "shop",
                "ENVIRONMENT",
                "pr-" + name,
                "NAP",
                "nap-" + name,
                "URL",
                printed("pr-" + name, walk.tool(), tls)));
    if (tls) {
      builder
          .environment()
          .putAll(
              Map.of(
                  "ROOT_CERTIFICATE",
                  authority.root().toString(),
                  "URL_BY_HOST",
                  printed("pr-" + name, walk.tool(), true, "--by-host"),
                  // In place of a name service: of libpq, and of the JDK.
                  "PGHOSTADDR",
                  "127.0.0.1",
                  "JDK_JAVA_OPTIONS",
                  "-Djdk.net.hosts.file=" + authority.hosts()));
    }
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("ok ");
  }

  /** What {@code understudy url} prints from settings that say the same as the daemon's. */
  private static String printed(String environment, String tool, boolean tls, String... more)
      throws Exception {
    Path settings =
        Files.writeString(
            directory.resolve("url.conf"),
            """
            understudy {
              listen { host = "%s", port = %d, tls { %s } }
              sources.prod { type = directory, directory = "%s" }
              environments { %s }
            }
            """
                .formatted(
                    host(tls),
                    shop.daemon().port(),
                    tls
                        ? "domain = " + Authority.DOMAIN + ", " + authority.settings()
                        : "mode = off",
                    shop.production().dataDirectory(),
                    ENVIRONMENTS));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> words =
        new ArrayList<>(
            List.of("url", environment, "-c", settings.toString(), "--for", tool, "--user", "app"));
    if (tls) {
      words.addAll(List.of("--root-certificate", authority.root().toString()));
    }
    words.addAll(List.of(more));
    assertThat(line.execute(words.toArray(String[]::new))).as(err.toString()).isZero();
    return out.toString().strip();
  }

  /** By the name in the certificate, where there is one. */
  private static String host(boolean tls) {
    return tls ? "localhost" : "127.0.0.1";
  }
}
