package dev.understudy.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @Test
  void helpNamesEveryCommandAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("demo", "serve", "check", "doctor")
        .contains("2   wrong usage, or settings that are not valid");
  }

  @Test
  void versionIsTheOneThatWasBuilt() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("(?s)understudy \\d+\\.\\d+\\..*Java 2[5-9].*");
  }

  @Test
  void wrongUsageIsExplained() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("chek")).isEqualTo(2);
    assertThat(run("check")).isEqualTo(2);
    assertThat(err.toString())
        .contains("understudy: a command is missing")
        .contains("understudy check?")
        .contains("Missing required option: '--config=FILE'");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void checkAcceptsAValidFileAndTellsItsWarnings() throws Exception {
    Path file =
        write(
            """
            understudy {
              users.bob.password = hunter2
              sources.prod { type = directory, directory = /srv/pg }
              environments { staging {}, "pr-*" {} }
            }
            """);

    assertThat(run("check", "-c", file.toString())).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            warning ->
                assertThat(warning)
                    .startsWith("warning: " + file + ":2: understudy.users.bob.password: ")
                    .doesNotContain("hunter2"),
            verdict ->
                assertThat(verdict)
                    .isEqualTo(file + ": valid; sources prod; 2 patterns of environments"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void checkNamesEverythingThatIsWrong() throws Exception {
    Path file =
        write(
            """
            understudy {
              listen.prot = 1
              sources.prod { type = directory, directory = /srv/pg, mask {} }
              environments.staging {}
            }
            """);

    assertThat(run("check", "-c", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ":2: understudy.listen.prot: unknown key; did you mean port?",
            file + ":3: understudy.sources.prod.mask: not supported yet; leave the key out");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("understudy.conf"), text);
  }
}
