package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM while the host goes down, as a program says that stands in for systemd's. */
@Timeout(240)
class HostShutdownIT {
  private static final String ENVIRONMENTS = "\"pr-*\" { source = prod, database = shop }";

  @Test
  void whatRunsIsPutToSleepAsTheHostGoesDownAndOnlyThen(@TempDir Path programs) throws Exception {
    Map<String, String> variables = Map.of("PATH", programs + ":" + System.getenv("PATH"));
    try (Shop shop = Shop.open(Installations.embedded(), null, ENVIRONMENTS)) {
      shop.daemon().close();
      say(programs, "running");
      shop.restart(ENVIRONMENTS, variables);
      try (Connection connection = shop.connect("shop@pr-1");
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept AS SELECT 7 AS n");
      }
      shop.daemon().close();
      assertThat(Daemon.clones(shop.dataDirectory())).isOne();

      shop.restart(ENVIRONMENTS, variables);
      say(programs, "stopping");
      shop.daemon().close();

      assertThat(shop.daemon().log()).contains("The host goes down");
      assertThat(Daemon.clones(shop.dataDirectory())).isZero();
      assertThat(cloneRecord(shop))
          .contains("\"state\" : \"SUSPENDED\"")
          .contains("\"unsyncedBoot\" : null");
      shop.restart(ENVIRONMENTS);
      try (Connection connection = shop.connect("shop@pr-1")) {
        assertThat(Shop.ask(connection, "SELECT n FROM kept")).isEqualTo(7);
      }
    }
  }

  private static void say(Path programs, String state) throws IOException {
    Path program = programs.resolve("systemctl");
    Files.writeString(
        program, "#!/bin/sh\n[ \"$*\" = is-system-running ] || exit 2\necho %s\n".formatted(state));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String cloneRecord(Shop shop) throws IOException {
    try (Stream<Path> clones = Files.list(shop.dataDirectory().resolve("clones"))) {
      return Files.readString(clones.findFirst().orElseThrow().resolve("clone.json"));
    }
  }
}
