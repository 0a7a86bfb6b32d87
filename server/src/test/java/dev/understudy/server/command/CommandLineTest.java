package dev.understudy.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        .contains("demo", "serve", "check", "doctor", "url", "name", "token", "ls", "run")
        .contains("2   wrong usage, or settings that are not valid");
  }

  @Test
  void bashCompletesEveryCommand() throws Exception {
    assertThat(run("generate-completion")).isZero();
    Path script = Files.writeString(directory.resolve("completion"), out.toString());
    assertThat(bash("-n", script.toString())).isEmpty();

    String commands =
        bash(
            "-c",
            "source \"$0\"; COMP_WORDS=(understudy ''); COMP_CWORD=1; _complete_understudy;"
                + " printf '%s ' \"${COMPREPLY[@]}\"",
            script.toString());
    assertThat(commands.split(" ", -1)).containsAll(Main.commandLine().getSubcommands().keySet());
  }

  private static String bash(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash"));
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said;
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
              sources.prod { type = directory, directory = /srv/pg, mask.strict = 1 }
              environments.staging {}
            }
            """);

    assertThat(run("check", "-c", file.toString())).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ":2: understudy.listen.prot: unknown key; did you mean port?",
            file + ":3: understudy.sources.prod.mask.strict: '1' is none of false, true");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void urlPrintsWhatItsToolTakes() throws Exception {
    String file =
        write(
                """
                understudy {
                  users.bob.password = hunter2
                  sources.prod { type = directory, directory = /srv/pg }
                  environments { "pr-*" { database = shop } }
                }
                """)
            .toString();

    assertThat(run("url", "pr-1", "-c", file)).isZero();
    assertThat(run("url", "pr-1", "-c", file, "--for", "rails")).isZero();
    assertThat(run("url", "pr-1", "-c", file, "--for", "postgres-js", "--port", "7000")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "postgresql://bob@127.0.0.1:6432/shop%40pr-1",
            "postgresql://bob%40pr-1@127.0.0.1:6432/shop",
            "postgresql://bob@127.0.0.1:7000/shop%40pr-1");
    assertThat(run("url", "qa", "-c", file)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "understudy: no pattern of the settings fits environment \"qa\"",
            "hint: Names that can exist: \"pr-*\".");
    assertThat(run("url", "pr-1", "-c", file, "--for", "cobol")).isEqualTo(2);
    assertThat(err.toString()).contains("'cobol'").contains("postgres-js");
    assertThat(run("url", "pr-1", "-c", file, "--by-host")).isEqualTo(1);
    assertThat(err.toString()).contains("understudy: no host name names environment \"pr-1\"");
  }

  @Test
  void tokenMakesOneThatTheSettingsTakeTheHashOf() throws Exception {
    assertThat(run("token")).isZero();
    assertThat(out.toString().lines())
        .satisfiesExactly(
            token -> assertThat(token).matches("token  understudy_[A-Za-z0-9_-]{43}"),
            hash -> assertThat(hash).matches("hash   sha256:[0-9a-f]{64}"));
    Path file =
        write(
            """
            understudy {
              http.tokens.ci.hash = "%s"
              sources.prod { type = directory, directory = /srv/pg }
              environments.staging {}
            }
            """
                .formatted(
                    out.toString().lines().toList().getLast().substring("hash   ".length())));
    assertThat(run("check", "-c", file.toString())).as(err.toString()).isZero();
  }

  @Test
  void nameMakesANameOfAnyText() {
    assertThat(run("name", "pr-42")).isZero();
    assertThat(run("name", "feature/ABC-123", "--prefix", "ci-")).isZero();
    assertThat(out.toString().lines()).containsExactly("pr-42", "ci-feature-abc-123-xnz5v7");
    assertThat(run("name", " ")).isEqualTo(2);
    assertThat(run("name", "a", "--prefix", "-")).isEqualTo(2);
    assertThat(err.toString())
        .contains("there is nothing to make a name of", "no name begins with \"-\"");
  }

  @Test
  void poolCreateSaysWhatIsMissingOrContradicts() {
    assertThat(run("pool")).isEqualTo(2);
    assertThat(run("pool", "create", "--size", "1G")).isEqualTo(2);
    assertThat(run("pool", "create", "--data-directory", "/x")).isEqualTo(2);
    assertThat(run("pool", "create", "--data-directory", "/x", "--size", "1")).isEqualTo(2);
    assertThat(
            run("pool", "create", "--data-directory", "/x", "--device", "/dev/x", "--size", "1G"))
        .isEqualTo(2);
    assertThat(run("pool", "create", "--data-directory", "/x", "--size", "1G", "--type", "ext4"))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("create or mount is missing")
        .contains("--config=FILE")
        .contains("--size is missing; write for example --size 100G")
        .contains("--size: '1' has no unit; write K, M, G or T")
        .contains("--size is for a file; a device is taken whole")
        .contains("'ext4'");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void poolCreateMakesAndPoolMountMountsAgain() throws Exception {
    assumeTrue(Accounts.isRoot(), "mounting a file system takes root");
    assumeTrue(Programs.find("mkfs.xfs").isPresent(), "mkfs.xfs is not installed");
    String data = directory.toRealPath().resolve("data").toString();
    try {
      assertThat(run("pool", "create", "--data-directory", data, "--size", "600M", "--type", "xfs"))
          .as(err.toString())
          .isZero();
      assertThat(out.toString())
          .contains(data + ": xfs on " + data + ".img; clones will be made by: reflink");
      assertThat(run("pool", "mount", "--data-directory", data)).isZero();
      assertThat(out.toString()).contains(data + ": nothing to mount");
      assertThat(ShortCommand.run(List.of("umount", data)).succeeded()).isTrue();
      assertThat(run("pool", "mount", "--data-directory", data)).isZero();
      assertThat(out.toString()).contains(data + ": mounted");
      assertThat(run("pool", "create", "--data-directory", data, "--size", "1G")).isEqualTo(1);
      assertThat(err.toString()).contains("has a pool already");
    } finally {
      PoolImage.remove(Path.of(data));
    }
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
