package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A production server that is reached by TCP and a password only, and its sources. */
final class Dumped {
  static final String PASSWORD = "pw-of-the-dumper";

  /** As the distribution has it, with all programs; another version by system property. */
  static final int MAJOR = Integer.getInteger("understudy.dump.major", 15);

  private Dumped() {}

  /** With a password, over TCP. */
  static Stage open(Path parent, Map<String, String> settings) throws Exception {
    return Stage.open(
        parent, ServerOptions.of(Stage.home(MAJOR)).withFreePort().withSettings(settings));
  }

  static Secret url(Stage stage, String role, String database) {
    return new Secret(
        "postgresql://%s:%s@127.0.0.1:%d/%s"
            .formatted(role, PASSWORD, stage.production().port(), database));
  }

  static Source source(Stage stage, String role) {
    return new Source("prod", new SourceType.Dump(url(stage, role, "postgres")));
  }

  static Source source(
      Stage stage,
      String role,
      List<String> databases,
      SourceType.Dump.OnError onError,
      Set<String> extensions) {
    return new Source(
        "prod",
        new SourceType.Dump(
            url(stage, role, "postgres"), 2, databases, onError, extensions, Set.of()));
  }

  static void execute(Stage stage, String database, String user, String... commands)
      throws SQLException {
    try (Connection connection = stage.production().connect(database, user);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  /** What one of PostgreSQL's programs prints about a server. */
  static List<String> print(Path socketDirectory, int port, String... command) throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.set(0, Stage.home(MAJOR).resolve("bin").resolve(command[0]).toString());
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.environment().put("PGHOST", socketDirectory.toString());
    builder.environment().put("PGPORT", Integer.toString(port));
    builder.environment().put("PGUSER", "postgres");
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", lines).isZero();
    return lines;
  }

  /** Programs that we have started and that still run, by a part of their command line. */
  static List<ProcessHandle> tools(String part) {
    return ProcessHandle.current()
        .descendants()
        .filter(handle -> commandLine(handle).contains(part))
        .toList();
  }

  static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** The files below a directory that hold one of these texts. */
  static List<Path> holding(Path directory, String... texts) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).filter(file -> holds(file, texts)).toList();
    }
  }

  private static boolean holds(Path file, String... texts) {
    try {
      String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return Stream.of(texts).anyMatch(content::contains);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What became of something, as the snapshot tells it. */
  static Optional<String> finding(Snapshot snapshot, Finding.Kind kind, String name) {
    return snapshot.findings().stream()
        .filter(finding -> finding.kind() == kind && finding.name().equals(name))
        .map(Finding::action)
        .findFirst();
  }

  static Set<String> names(Snapshot snapshot) {
    return snapshot.databases().stream().map(Snapshot.Database::name).collect(Collectors.toSet());
  }
}
