package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import dev.understudy.testing.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, started by the launcher as its users start it. */
class DemoIT {
  private static final int TIMEOUT_SECONDS = 300;
  private static final int CTRL_C = 3;
  private static final Pattern LINK =
      Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/#token=(\\S+)");

  @TempDir Path directory;

  @BeforeEach
  void letProductionsUserIn() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void checkWalksTheTourAndLeavesNothingNotEvenOfADemoThatWasKilled() throws Exception {
    Process killed = start();
    String said = readUntil(killed.inputReader(), "Ctrl-C ends everything");
    assertThat(said).contains("The web page asks for the token in ").doesNotContain("#token=");
    killed.destroyForcibly().waitFor();
    assertThat(left()).isNotEmpty();

    Process demo = start("--check");
    String output = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(demo.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(output)
        .doesNotContain("FAILED")
        .contains("TLS, whose certificate is verified", "all of it works");
    assertThat(demo.exitValue()).isZero();
    assertThat(left()).isEmpty();
  }

  @Test
  void aTakenPortIsNoObstacleAndCtrlCEndsEverything() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Process demo = startAtTerminal("--port", Integer.toString(taken.getLocalPort()));
      String output = readUntil(demo.inputReader(), "Ctrl-C ends everything");
      assertThat(output)
          .contains("port " + taken.getLocalPort() + " is taken; using ")
          .contains("dbname=shop@pr-1");
      assertThat(whoIsSignedInBy(output)).contains("\"role\":\"administrator\"");

      demo.getOutputStream().write(CTRL_C);
      demo.getOutputStream().flush();
      String end = demo.inputReader().lines().collect(Collectors.joining("\n"));
      assertThat(demo.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(demo.exitValue()).as(end).isZero();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void aSignalInTheMidstOfItsStartEndsEverythingToo() throws Exception {
    Process demo = start();
    readUntil(demo.inputReader(), "unpack PostgreSQL");
    demo.toHandle().destroy();

    assertThat(demo.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(left()).isEmpty();
  }

  private Process start(String... options) throws IOException {
    return new ProcessBuilder(command(options)).redirectErrorStream(true).start();
  }

  /** What is typed goes to its input. */
  private Process startAtTerminal(String... options) throws IOException {
    return new ProcessBuilder(
            "script",
            "--quiet",
            "--return",
            "--command",
            // A shell that stays, as dash does, is ended by Ctrl-C and says so instead of the demo.
            "exec " + join(command(options)),
            "/dev/null")
        .redirectErrorStream(true)
        .start();
  }

  private static String join(List<String> words) {
    return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  private List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    // Whatever runs the tests in the background may ignore Ctrl-C, and its children inherit that.
    command.addAll(List.of("env", "--default-signal=INT"));
    command.add(Daemon.launcher().toString());
    command.add("demo");
    command.add("--data-directory");
    command.add(directory.toString());
    command.addAll(List.of(options));
    return command;
  }

  /** Asked as the page asks whom its link has signed in. */
  private static String whoIsSignedInBy(String output) throws Exception {
    Matcher link = LINK.matcher(output);
    assertThat(link.find()).as(output).isTrue();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(link.group(1) + "/api/v1"))
              .header("Authorization", "Bearer " + link.group(2))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static String readUntil(BufferedReader reader, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    String line = reader.readLine();
    while (line != null && !line.contains(text)) {
      read.append(line).append('\n');
      line = reader.readLine();
    }
    assertThat(line).as("after\n%s", read).isNotNull();
    return read.toString();
  }

  /** Files, mounts, loop devices and processes that should be gone. */
  private List<String> left() throws Exception {
    List<String> left = new ArrayList<>();
    try (var entries = Files.list(directory)) {
      entries.forEach(entry -> left.add(entry.toString()));
    }
    Files.readString(Path.of("/proc/mounts"))
        .lines()
        .filter(line -> line.contains(directory.toString()))
        .forEach(left::add);
    Processes.run("sh", "-c", "cat /sys/block/loop*/loop/backing_file 2>/dev/null || true")
        .lines()
        .filter(line -> line.contains(directory.toString()))
        .forEach(left::add);
    ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(directory.toString()))
        .forEach(left::add);
    return left;
  }
}
