package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What hooks do in a clone before anybody gets in, on real servers. */
final class HooksIT extends StageFixture {
  private Path files = Path.of("");

  @BeforeAll
  void prepare() throws Exception {
    files = Files.createDirectory(parent().resolve("files"));
  }

  private static Hooks hooks(Hook... hooks) {
    return new Hooks(List.of(hooks), Duration.ofSeconds(30));
  }

  @Test
  void hooksRunInOrderAndReachThisCloneAlone() throws Exception {
    Path tools = Files.createDirectories(files.resolve("tools"));
    Path run = tools.resolve("run");
    Files.writeString(
        run,
        """
        #!/bin/sh
        set -e
        test "$1" = 'an argument'
        test "$PWD" = "$(dirname "$0")"
        test "$PGDATABASE" = postgres
        test ! -e %s
        ! touch here 2>/dev/null
        test "$(ls /data)" = ""
        /usr/bin/env psql -X "$DATABASE_URL" -v ON_ERROR_STOP=1 -c 'INSERT INTO steps VALUES (2)'
        """
            .formatted(directory()));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path sql = files.resolve("steps.sql");
    Files.writeString(
        sql, "\\set one 1\nCREATE TABLE steps (i int);\nINSERT INTO steps VALUES (:one);\n");
    Stage daemon =
        open(
            policy("pr-*")
                .with(
                    hooks(
                        new Hook.Script(sql, "postgres"),
                        new Hook.Command(
                            List.of(run.toString(), "an argument"), tools, "postgres"))));

    assertThat(Stage.query(daemon.session("pr-1"), "SELECT sum(i) FROM steps")).isEqualTo(3);
  }

  @Test
  void aHookThatFailsFailsTheCreation() throws Exception {
    Path sql = Files.writeString(files.resolve("bad.sql"), "SELECT 1;\nSELECT nonsense;\n");
    Stage daemon = open(policy("pr-*").with(hooks(new Hook.Script(sql, null))));

    EnvironmentUnavailable failure = failure(daemon);

    assertThat(failure.sqlState()).isEqualTo("58000");
    assertThat(failure.detail().orElseThrow())
        .startsWith("hook 1 (" + sql + ") has failed, status 3\n")
        .contains("bad.sql:2: ERROR:  column \"nonsense\" does not exist");
    assertThat(failure.hint().orElseThrow()).startsWith("Mend the hook");
    assertThat(daemon.environments.list()).isEmpty();
    // The file is read anew each time.
    Files.writeString(sql, "SELECT 1;\n");
    assertThat(Stage.query(daemon.session("pr-1"), "SELECT 1")).isEqualTo(1);
  }

  @Test
  void aHookThatDoesNotEndIsKilled() throws Exception {
    Stage daemon =
        open(
            policy("pr-*")
                .with(
                    new Hooks(
                        List.of(
                            new Hook.Command(
                                List.of("/bin/sh", "-c", "echo begun; sleep 600"), null, null)),
                        Duration.ofSeconds(1))));

    assertThat(failure(daemon).detail().orElseThrow())
        .isEqualTo("hook 1 (/bin/sh) has not ended within 1 s\nbegun");
  }

  private static EnvironmentUnavailable failure(Stage daemon) throws Exception {
    return Bench.failureOf(daemon.environments.open(new EnvironmentRequest("pr-1", "postgres")));
  }
}
