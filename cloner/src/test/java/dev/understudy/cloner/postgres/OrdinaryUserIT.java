package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.ShortCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Root tests what an ordinary user gets, by being one in another Java process. */
class OrdinaryUserIT {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux", "none"})
  void aServerLivesAndDies(String sandbox) throws Exception {
    assumeTrue(Accounts.isRoot(), "an ordinary user's tests run as one anyway");
    liveAndDie(sandbox);
  }

  @Tag("alone")
  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "util-linux"})
  void whatIsMountedBelowUsrIsInTheWayOfNobody(String sandbox) throws Exception {
    assumeTrue(Accounts.isRoot(), "mounting needs root");
    try (MountBelowUsr _ = MountBelowUsr.make()) {
      liveAndDie(sandbox);
    }
  }

  private void liveAndDie(String sandbox) throws Exception {
    Account nobody = Accounts.byName("nobody").orElseThrow();
    Path home = Workbench.embedded();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    Files.setAttribute(theirs, "unix:uid", nobody.uid());
    Files.setAttribute(theirs, "unix:gid", nobody.gid());

    List<String> command = new ArrayList<>();
    command.addAll(List.of("setpriv", "--reuid=" + nobody.uid(), "--regid=" + nobody.gid()));
    command.addAll(List.of("--clear-groups", "env", "HOME=" + theirs));
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + theirs));
    command.addAll(List.of("-cp", readableClassPath(), OrdinaryUserMain.class.getName()));
    command.addAll(List.of(theirs.toString(), home.toString(), sandbox));
    ShortCommand.Result result = ShortCommand.run(command);

    assertThat(result.output())
        .contains(sandbox.equals("none") ? "/run is seen" : "faults: []")
        .contains("uid inside: " + nobody.uid())
        .contains("adopted: " + nobody.uid())
        .contains("clean: true")
        .contains("left: 0");
    assertThat(result.output().lines().filter(line -> line.startsWith("killed: ")).toList())
        .singleElement()
        .asString()
        .matches("killed: [1-9][0-9]*");
    assertThat(result.status()).isZero();
  }

  /** Root's repository of jars may be closed to others. */
  private String readableClassPath() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      if (Files.exists(source)) {
        Path target = directory.resolve("cp" + entries.size()).resolve(source.getFileName());
        copy(source, target);
        entries.add(target.toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static void copy(Path source, Path target) throws IOException {
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = target.resolve(source.relativize(file).toString()).normalize();
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
