package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in places that launchers are bad at. */
class LauncherIT {
  /** In place of a Maven: the jar that this very build made, put where the launcher wants it. */
  private static final String COMPILE =
      """
      for option; do case $option in -Dunderstudy.app=*) app=${option#*=} ;; esac; done
      ln -s '%1$s/lib' "$app/lib"
      cp '%1$s/understudy.jar' "$app/understudy.jar"
      """
          .formatted(built());

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
  void aDaemonLeavesAnArchiveOfItsClassesAndSaysNothingOfIt() throws Exception {
    Path tree = directory.resolve("a tree");
    Path target = Files.createDirectories(tree.resolve("server/target"));
    Files.copy(built().resolve("understudy.jar"), target.resolve("understudy.jar"));
    links.add(Files.createSymbolicLink(target.resolve("lib"), built().resolve("lib")));
    Files.copy(Daemon.launcher(), tree.resolve("understudy"));
    String launcher = tree.resolve("understudy").toString();
    Path archive = target.resolve("classes.jsa");
    Outcome failed = new Outcome("missing.conf: there is no such file\n", 2);
    Map<String, String> noOptions = Map.of("UNDERSTUDY_JAVA_OPTS", "");

    assertThat(run(directory, noOptions, launcher, "serve", "-c", "missing.conf"))
        .isEqualTo(failed);
    assertThat(archive).isRegularFile();

    // It is not one that helps.
    FileTime first = Files.getLastModifiedTime(archive);
    assertThat(run(directory, noOptions, launcher, "serve", "-c", "missing.conf"))
        .isEqualTo(failed);
    assertThat(Files.getLastModifiedTime(archive)).isGreaterThan(first);
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
    Path tree = sources();
    maven("echo the compiler is unhappy; exit 1");

    Outcome outcome = build(tree);

    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .startsWith("understudy: building")
        .contains("the compiler is unhappy", "understudy: the build failed");
    assertThat(copies(tree)).isEmpty();
  }

  @Test
  void anEditDuringTheBuildLeadsToAnotherBuild() throws Exception {
    Path tree = sources();
    maven(COMPILE + "[ -e server/Main.java ] || touch server/Main.java");

    assertThat(build(tree).output()).startsWith("understudy: building").contains("understudy 0");
    assertThat(build(tree).output()).startsWith("understudy: building").contains("understudy 0");
    assertThat(build(tree).output()).startsWith("understudy 0");
  }

  @Test
  void aBuildLeavesAloneWhatRuns() throws Exception {
    Path tree = sources();
    maven(COMPILE);
    build(tree);
    Path running = tree.resolve("server/target/app").toRealPath();
    Process daemon =
        new ProcessBuilder("sh", "-c", "read line", running.resolve("understudy.jar").toString())
            .start();
    try {
      for (int edit = 1; edit <= 2; edit++) {
        Files.writeString(tree.resolve("server/Main.java"), "edit " + edit);
        assertThat(build(tree).output()).startsWith("understudy: building");
      }
      assertThat(running.resolve("understudy.jar")).exists();
      assertThat(copies(tree)).hasSize(3);
    } finally {
      daemon.destroyForcibly().waitFor();
    }
    Files.writeString(tree.resolve("server/Main.java"), "last edit");
    build(tree);

    assertThat(running).doesNotExist();
    assertThat(copies(tree)).hasSize(2);
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Path tree = sources();
    Path gate = directory.resolve("gate");
    assertThat(run(directory, Map.of(), "mkfifo", gate.toString()).exitCode()).isZero();
    maven(COMPILE + "echo built >>builds; read line <'" + gate + "'");
    Process first = launch(tree);
    try (BufferedReader outputOfFirst = first.inputReader(StandardCharsets.UTF_8)) {
      assertThat(outputOfFirst.readLine()).startsWith("understudy: building");
      Process second = launch(tree);
      try (BufferedReader outputOfSecond = second.inputReader(StandardCharsets.UTF_8)) {
        assertThat(outputOfSecond.readLine()).contains("waiting for another build");
        Files.writeString(gate, "go on\n");
        assertThat(outputOfSecond.readLine()).startsWith("understudy 0");
      } finally {
        second.destroyForcibly().waitFor();
      }
      assertThat(outputOfFirst.readLine()).startsWith("understudy 0");
      assertThat(tree.resolve("builds")).hasContent("built");
    } finally {
      first.destroyForcibly().waitFor();
    }
  }

  @Test
  void aResultOfMavenIsTakenWithoutAnotherBuild() throws Exception {
    Path tree = sources();
    maven("echo not again; exit 1");
    script(directory.resolve("by-hand"), "#!/bin/sh\n" + COMPILE);
    Path target = Files.createDirectories(tree.resolve("server/target"));
    run(tree, Map.of(), directory.resolve("by-hand").toString(), "-Dunderstudy.app=" + target);

    assertThat(build(tree).output()).startsWith("understudy 0");
    assertThat(copies(tree)).hasSize(1);
    assertThat(build(tree).output()).startsWith("understudy 0");
    assertThat(copies(tree)).hasSize(1);
  }

  @Test
  void aJreIsNotBuiltWith() throws Exception {
    Path tree = sources();
    maven(COMPILE + "echo \"$JAVA_HOME\" >java-home");
    Path jre = Files.createDirectories(directory.resolve("jre"));
    Files.createDirectory(jre.resolve("bin"));
    Files.writeString(jre.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(jre.resolve("bin/java"), "#!/bin/sh\necho jre\n");

    Outcome outcome =
        run(directory, Map.of("JAVA_HOME", jre.toString(), "PATH", path()), launcher(tree), "x");

    assertThat(outcome.output()).startsWith("understudy: building");
    Path used = Path.of(Files.readString(tree.resolve("java-home")).strip());
    assertThat(used.resolve("bin/javac")).isExecutable();
    assertThat(run(directory, Map.of("JAVA_HOME", jre.toString()), launcher(tree), "x"))
        .isEqualTo(new Outcome("jre\n", 0));
  }

  /** A tree that is not built yet. */
  private Path sources() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.copy(Daemon.launcher(), tree.resolve("understudy"));
    Files.writeString(tree.resolve("pom.xml"), "<project/>");
    for (String room :
        new String[] {"config", "protocol", "proxy", "embedded", "cloner", "server"}) {
      Files.createDirectory(tree.resolve(room));
    }
    return tree;
  }

  private void maven(String lines) throws IOException {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    script(tools.resolve("mvn"), "#!/bin/sh\n" + lines + "\n");
  }

  private String path() {
    return directory.resolve("tools") + ":" + System.getenv("PATH");
  }

  private static String launcher(Path tree) {
    return tree.resolve("understudy").toString();
  }

  private Outcome build(Path tree) throws Exception {
    return run(directory, Map.of("PATH", path()), launcher(tree), "--version");
  }

  private Process launch(Path tree) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(launcher(tree), "--version").redirectErrorStream(true);
    builder.environment().put("PATH", path());
    return builder.start();
  }

  private static List<Path> copies(Path tree) throws IOException {
    try (Stream<Path> files = Files.list(tree.resolve("server/target"))) {
      return files.filter(file -> file.getFileName().toString().startsWith("app-")).toList();
    }
  }

  /** What somebody has who was given the result of a build, without the sources. */
  private Path distribution(Path tree) throws IOException {
    Files.createDirectories(tree.resolve("server"));
    Path launcher = Daemon.launcher().toRealPath();
    Files.copy(launcher, tree.resolve("understudy"));
    links.add(
        Files.createSymbolicLink(
            tree.resolve("server/target"), launcher.resolveSibling("server/target")));
    return tree;
  }

  /** The directory with understudy.jar and lib/ that is being tested. */
  private static Path built() {
    try {
      Path target = Daemon.launcher().toRealPath().resolveSibling("server/target");
      Path copy = target.resolve("app");
      return Files.exists(target.resolve("understudy.jar")) ? target : copy.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
