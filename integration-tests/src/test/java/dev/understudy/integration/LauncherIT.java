package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in places that launchers are bad at. */
class LauncherIT {
  private final List<Path> links = new ArrayList<>();

  @TempDir Path directory;

  @AfterEach
  void unlink() throws IOException {
    for (Path link : links) {
      Files.delete(link);
    }
  }

  @Test
  void runsFromAnywhereThroughASymlinkWithSpacesInItsPath() throws Exception {
    Path tree = distribution(directory.resolve("a tree with spaces"));
    Path link =
        Files.createSymbolicLink(directory.resolve("understudy"), tree.resolve("understudy"));

    Outcome outcome = run(Path.of("/"), Map.of(), link.toString(), "--version");

    assertThat(outcome.output()).startsWith("understudy ").contains("Java 2");
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void exitCodesAndStderrOfTheCommandComeThrough() throws Exception {
    Path tree = distribution(directory.resolve("tree"));
    Path launcher = tree.resolve("understudy");

    Outcome outcome = run(directory, Map.of(), launcher.toString(), "check", "-c", "missing.conf");

    assertThat(outcome).isEqualTo(new Outcome("missing.conf: there is no such file\n", 2));
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    Path tree = distribution(directory.resolve("tree"));
    Path old = directory.resolve("jdk-8");
    Files.createDirectories(old.resolve("bin"));
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"8.0_1\"\n");
    script(old.resolve("bin/java"), "#!/bin/sh\necho old; exit 3\n");

    Outcome outcome =
        run(
            directory,
            Map.of("JAVA_HOME", old.toString()),
            tree.resolve("understudy").toString(),
            "--version");

    assertThat(outcome.output()).startsWith("understudy ");
  }

  @Test
  void withoutAJavaThatIsNewEnoughItSaysWhatToInstall() throws Exception {
    Path tree = distribution(directory.resolve("tree"));
    Path launcher = tree.resolve("understudy");
    Files.writeString(launcher, Files.readString(launcher).replace("needed=25", "needed=99"));

    Outcome outcome = run(directory, Map.of(), launcher.toString(), "--version");

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .startsWith("understudy: no Java 99 or newer found")
        .contains("hint: install a JDK 99");
  }

  @Test
  void aTreeThatCannotBeBuiltSaysWhy() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.copy(Daemon.launcher(), tree.resolve("understudy"));
    Path tools = Files.createDirectory(directory.resolve("tools"));
    script(tools.resolve("mvn"), "#!/bin/sh\necho the compiler is unhappy; exit 1\n");
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    for (String room :
        new String[] {"config", "protocol", "proxy", "embedded", "cloner", "server"}) {
      Files.createDirectory(tree.resolve(room));
    }

    Outcome outcome =
        run(
            directory,
            Map.of("PATH", tools + ":" + System.getenv("PATH")),
            tree.resolve("understudy").toString(),
            "--version");

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .startsWith("understudy: building")
        .contains("the compiler is unhappy", "understudy: the build failed");
  }

  /** What somebody has who was given the result of a build, without the sources. */
  private Path distribution(Path tree) throws IOException {
    Files.createDirectories(tree.resolve("server"));
    Path root = Daemon.launcher().toRealPath().getParent();
    Files.copy(Daemon.launcher(), tree.resolve("understudy"));
    links.add(
        Files.createSymbolicLink(tree.resolve("server/target"), root.resolve("server/target")));
    return tree;
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Outcome run(Path directory, Map<String, String> variables, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(variables);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(output, process.exitValue());
  }

  private record Outcome(String output, int exitCode) {}
}
