package dev.understudy.cloner.postgres;

import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One cleanly stopped cluster per installation, made once in this process and never started. */
final class Templates {
  private final Map<Path, Path> made = new HashMap<>();

  /** The data directory of an installation's. */
  synchronized Path of(Path home) throws IOException, InterruptedException {
    Path known = made.get(home);
    if (known != null) {
      return known;
    }
    Path directory = Files.createTempDirectory("tpl");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path data = directory.resolve("data");
    try (EmbeddedPostgres cluster =
        EmbeddedPostgres.create(directory.resolve("cluster"), ServerOptions.of(home))) {
      cluster.stop();
      Files.move(cluster.dataDirectory(), data);
    }
    made.put(home, data);
    return data;
  }

  private static void remove(Path directory) {
    try {
      ShortCommand.run(List.of("rm", "-rf", directory.toString()));
    } catch (IOException | InterruptedException e) {
      System.err.println("left behind: " + directory);
    }
  }
}
