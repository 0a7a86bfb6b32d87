package dev.understudy.cloner.standby;

import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.file.Path;

/** What the pool's troubles mean for a replica. */
final class Storage {
  private Storage() {}

  static SourceException explained(IOException e) {
    IOException cause = PoolFullException.orSame(e, Path.of("replicas"));
    return cause instanceof PoolFullException
        ? new SourceException(
            Kind.SPACE,
            "the pool became full while production was copied",
            cause.getMessage(),
            "Enlarge the file system of the data directory.",
            e)
        : new SourceException(
            Kind.COPY,
            "the replica's files failed",
            String.valueOf(e.getMessage()),
            FileTrouble.hint(e),
            e);
  }
}
