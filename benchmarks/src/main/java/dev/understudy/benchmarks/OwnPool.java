package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import dev.understudy.testing.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A data directory with a pool as {@code understudy pool create} makes it, while this is open. */
record OwnPool(Path dataDirectory) implements AutoCloseable {
  static OwnPool create(Path parent, long gigabytes) throws IOException, InterruptedException {
    OwnPool pool = new OwnPool(parent.resolve("pool"));
    Processes.run(
        Daemon.launcher().toString(),
        "pool",
        "create",
        "--data-directory",
        pool.dataDirectory.toString(),
        "--size",
        gigabytes + "G");
    return pool;
  }

  @Override
  public void close() throws IOException {
    try {
      Processes.run("umount", dataDirectory.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (String suffix : new String[] {"", ".img", ".pool.json"}) {
      Files.deleteIfExists(dataDirectory.resolveSibling(dataDirectory.getFileName() + suffix));
    }
  }
}
