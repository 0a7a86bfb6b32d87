package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import java.nio.file.Path;

/** Ends the servers that the daemon leaves running, whatever happened before. */
record Clones(Path dataDirectory) implements AutoCloseable {
  @Override
  public void close() {
    Daemon.endClones(dataDirectory);
  }
}
