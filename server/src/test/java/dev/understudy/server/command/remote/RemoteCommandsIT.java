package dev.understudy.server.command.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.config.Secret;
import dev.understudy.server.Main;
import dev.understudy.server.client.ApiAddress;
import dev.understudy.server.client.ApiClient;
import dev.understudy.server.client.Waiting;
import dev.understudy.server.http.ServedApi;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, over the API of a real cloner. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class RemoteCommandsIT {
  private static final int NO_SUCH_COMMAND = 127;

  @TempDir private static Path directory;
  private ServedApi served;
  private Path token;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeAll
  void open() throws Exception {
    served = ServedApi.open();
    token = Files.writeString(directory.resolve("token"), ServedApi.ADMINISTRATOR + "\n");
  }

  @AfterAll
  void close() throws Exception {
    served.close();
  }

  @BeforeEach
  void forget() {
    out = new StringWriter();
    err = new StringWriter();
  }

  @Test
  void aWholeLife() throws Exception {
    done("create", "pr-life", "--label", "for a life");
    assertThat(out.toString()).isEqualTo("pr-life: is there\n");
    done("wait", "pr-life", "--timeout", "1");
    done("protect", "pr-life");
    done("ls");
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("NAME +STATE +SOURCE +DATA +SESSIONS +USED.*"))
        .anyMatch(line -> line.matches("pr-life +running +prod .* protected +for a life"));
    done("unprotect", "pr-life");
    done("extend", "pr-life", "2 days");
    done("label", "pr-life", "another");
    done("suspend", "pr-life");
    done("resume", "pr-life");
    done("reset", "pr-life", "--force");
    done("refresh", "pr-life", "--force");
    done("show", "pr-life");
    assertThat(out.toString()).contains("label           another\n").contains("private_bytes ");
    done("create", "pr-branch", "--environment", "pr-life");
    done("drop", "pr-branch");
    done("drop", "pr-branch", "--if-exists");
    done("undrop", "pr-branch", "--as", "pr-back");
    done("drop", "pr-back");
    done("drop", "pr-life");
    done("ls", "--trash");
    assertThat(out.toString().lines()).anyMatch(line -> line.matches("pr-life +dropped .*"));
  }

  @Test
  void sourcesAndTheirSnapshots() throws Exception {
    served.execute("shop", "CREATE UNLOGGED TABLE basket (i int)");
    done("sources");
    assertThat(out.toString()).containsPattern("prod +directory +- +- +\\d");
    done("snapshot", "prod");
    assertThat(out.toString()).contains("prod: data of 20");
    out = new StringWriter();
    done("snapshots", "--source", "prod");
    assertThat(out.toString()).containsPattern("\\d MiB +no +postgres, shop");
    String youngest = out.toString().lines().toList().get(1).split(" ", 2)[0];
    out = new StringWriter();
    done("findings", youngest);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("KIND +DATABASE +NAME +ACTION"))
        .anyMatch(line -> line.matches("unlogged_relation +shop +public\\.basket +empty: .*"));
    assertThat(run("findings", "s0")).isEqualTo(1);
    assertThat(err.toString()).contains("snapshot \"s0\" does not exist");
  }

  @Test
  void aTerminalIsShownHowFarTheCopyOfItsSourceIs() throws Exception {
    Thread copying = Thread.startVirtualThread(this::copyWithoutEnd);
    try (ApiClient api =
        new ApiClient(address(), new Waiting(new PrintWriter(err), true, () -> 90))) {
      api.change(
          "POST", "/environments", new JsonMapper().createObjectNode().put("name", "slow-copy"));
      api.change("DELETE", "/environments/slow-copy", null);
    } finally {
      copying.interrupt();
      copying.join();
    }
    assertThat(err.toString())
        .contains("CREATE ENVIRONMENT slow-copy, ", " s [#########...........]  45 %, 4")
        .contains(" GiB of 10 GiB\033[K")
        .doesNotContain("99 %")
        .endsWith("\r\033[K");
  }

  /** Each time a little more, and of another source nearly all. */
  private void copyWithoutEnd() {
    long tenGib = 10L << 30;
    try {
      for (long more = 0; true; more++) {
        served.tellCopied("other", 99 * (tenGib / 100) + more, tenGib);
        served.tellCopied("prod", 45 * (tenGib / 100) + more, tenGib);
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      // The test has seen enough.
    }
  }

  @Test
  void scriptsGetWhatTheApiAnswers() throws Exception {
    done("create", "pr-json", "--json");
    JsonNode made = new JsonMapper().readTree(out.toString());
    assertThat(made.path("name").asText()).isEqualTo("pr-json");
    out = new StringWriter();
    done("ls", "--json");
    assertThat(new JsonMapper().readTree(out.toString()).isArray()).isTrue();
    done("drop", "pr-json");
  }

  @Test
  void whatItsServerLoggedIsShown() throws Exception {
    done("create", "pr-log");
    done("usage", "--from", "2026-01-01");
    assertThat(out.toString()).containsPattern("DAY +ROLE +PATTERN +RUNNING +CPU +PRIVATE PEAK");
    assertThat(run("usage", "--from", "2026-01-02", "--to", "2026-01-01")).isEqualTo(1);
    assertThat(run("usage", "--from", "yesterday")).isEqualTo(2);
    done("logs", "pr-log", "-n", "20");
    assertThat(out.toString()).contains("database system is ready to accept connections");
    done("drop", "pr-log");
  }

  @Test
  void aCommandIsToldWhereItsEnvironmentIs() throws Exception {
    Path told = directory.resolve("told");
    assertThat(
            run(
                "run",
                "pr-run",
                "--drop",
                "--user",
                "app",
                "--",
                "sh",
                "-c",
                "echo $PGUSER $PGDATABASE $DATABASE_URL > " + told + "; exit 7"))
        .as(err.toString())
        .isEqualTo(7);
    assertThat(told).hasContent("app shop@pr-run postgresql://app@127.0.0.1:6432/shop%40pr-run");
    assertThat(run("show", "pr-run")).isEqualTo(1);
  }

  @Test
  void aFreshRunHasTheNewestData() throws Exception {
    done("create", "pr-fresh");
    done("snapshot", "prod");
    out = new StringWriter();
    done("snapshots", "--json");
    String newest = new JsonMapper().readTree(out.toString()).get(0).path("id").asText();
    done("run", "pr-fresh", "--fresh", "--", "true");
    out = new StringWriter();
    done("show", "pr-fresh", "--json");
    assertThat(new JsonMapper().readTree(out.toString()).path("snapshot").asText())
        .isEqualTo(newest);
    done("drop", "pr-fresh");
  }

  @Test
  void anUnknownCommandLeavesNothing() {
    assertThat(run("run", "pr-none", "--drop", "--", "no-such-command")).isEqualTo(NO_SUCH_COMMAND);
    assertThat(err.toString()).contains("no-such-command");
    assertThat(run("show", "pr-none")).isEqualTo(1);
  }

  @Test
  void whatWasThereStaysWhereTheCommandCannotRun() throws Exception {
    done("create", "moody-kept");
    served.refuseMoody();
    Path ran = directory.resolve("ran");
    assertThat(run("run", "moody-kept", "--fresh", "--drop", "--", "touch", ran.toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("hook 1 (/bin/sh) has failed");
    assertThat(ran).doesNotExist();
    done("show", "moody-kept");
    done("drop", "moody-kept");
  }

  @Test
  void whatAnotherWasMakingIsNotDropped() throws Exception {
    served.shutGate();
    CompletableFuture<EnvironmentSession> another = served.connect("gated-run", "app");
    FutureTask<Integer> running =
        new FutureTask<>(() -> run("run", "gated-run", "--drop", "--", "true"));
    Thread.ofPlatform().daemon().start(running);
    awaitTask("gated-run");
    served.openGate();

    assertThat(running.get()).as(err.toString()).isZero();
    assertThat(err.toString()).contains("environment \"gated-run\" is not dropped: ");
    another.get().close();
    done("show", "gated-run");
    done("drop", "gated-run");
  }

  @Test
  void whoIsInterruptedWhileItsEnvironmentIsBeingMadeLeavesNothing() throws Exception {
    served.shutGate();
    Process running =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--api",
                "http://127.0.0.1:" + served.port(),
                "--token-file",
                token.toString(),
                "--drop",
                "gated-end",
                "--",
                "true")
            .inheritIO()
            .start();
    try {
      awaitTask("gated-end");
      new ProcessBuilder("kill", "-INT", Long.toString(running.pid())).start().waitFor();
      assertThat(running.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      served.openGate();
      running.waitFor();
    }
    assertThat(run("show", "gated-end")).isEqualTo(1);
    assertThat(err.toString()).contains("does not exist");
  }

  /** Until what an environment is wanted for is under way. */
  private void awaitTask(String subject) throws Exception {
    try (ApiClient api =
        new ApiClient(address(), new Waiting(new PrintWriter(err), false, () -> 90))) {
      while (api.list("/tasks").stream()
          .noneMatch(task -> task.path("subject").asText().equals(subject))) {
        Thread.sleep(5);
      }
    }
  }

  private ApiAddress address() {
    return new ApiAddress(
        URI.create("http://127.0.0.1:" + served.port()), new Secret(ServedApi.ADMINISTRATOR), null);
  }

  @Test
  void whatIsRefusedIsToldAsTheConsoleTellsIt() {
    assertThat(run("show", "pr-nobody")).isEqualTo(1);
    assertThat(err.toString())
        .contains("understudy: environment \"pr-nobody\" does not exist\nhint: ");
    assertThat(run("create", "staging")).isEqualTo(1);
    assertThat(run("create", "../x")).isEqualTo(1);
    assertThat(run("extend", "pr-nobody", "a while")).isEqualTo(1);
    assertThat(err.toString()).contains("invalid input syntax for type interval: \"a while\"");
  }

  @Test
  void whoIsNotKnownIsToldWhatToDo() throws Exception {
    token = Files.writeString(directory.resolve("other"), "x".repeat(40));
    try {
      assertThat(run("ls")).isEqualTo(1);
      assertThat(err.toString()).contains("--token-file FILE").doesNotContain("xxx");
    } finally {
      token = directory.resolve("token");
    }
  }

  @Test
  void whereNobodyListensThatIsSaid() {
    CommandLine line = line();
    assertThat(line.execute("ls", "--api", "http://127.0.0.1:1", "--token-file", token.toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("cannot connect to the HTTP API at http://127.0.0.1:1");
    assertThat(line.execute("ls", "--api", "db:6480", "--token-file", token.toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("\"db:6480\" is no URL of an HTTP API");
  }

  private void done(String... words) {
    assertThat(run(words)).as(String.join(" ", words) + ": " + err).isZero();
  }

  private int run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(
        1, List.of("--api", "http://127.0.0.1:" + served.port(), "--token-file", token.toString()));
    return line().execute(all.toArray(new String[0]));
  }

  private CommandLine line() {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
  }
}
