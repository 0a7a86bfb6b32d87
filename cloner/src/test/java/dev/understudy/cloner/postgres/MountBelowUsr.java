package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A file system of its own below {@code /usr}, as some hosts have; with a file {@code seen}, and
 * one below that with another. Needs root. Closing it leaves nothing.
 */
record MountBelowUsr(Path directory) implements AutoCloseable {
  static MountBelowUsr make() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory(Path.of("/usr/local"), "understudy test ");
    MountBelowUsr made = new MountBelowUsr(directory);
    boolean complete = false;
    try {
      mount(directory);
      Path inner = Files.createDirectory(directory.resolve("inner"));
      mount(inner);
      complete = true;
      return made;
    } finally {
      if (!complete) {
        made.close();
      }
    }
  }

  private static void mount(Path directory) throws IOException, InterruptedException {
    run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0777,dev,suid", "test", directory.toString());
    Path file = Files.createFile(directory.resolve("seen"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  List<Path> files() {
    return List.of(directory.resolve("seen"), directory.resolve("inner/seen"));
  }

  private static void run(String... command) throws IOException, InterruptedException {
    ShortCommand.Result result = ShortCommand.run(List.of(command));
    if (!result.succeeded()) {
      throw new IOException(result.output());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      // Whoever looks at all mounts of the host may be in it for a moment.
      run("umount", "--lazy", "--recursive", directory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.delete(directory);
  }
}
