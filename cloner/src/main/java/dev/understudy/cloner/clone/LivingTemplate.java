package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Usage;
import dev.understudy.cloner.postgres.RunningServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another clone, with its data of the moment. All processes of its server stand still while it is
 * copied, so that the copy is what a crash of the server would leave: with fsync off nothing else
 * is a point in time. Whoever starts the copy goes through crash recovery.
 */
final class LivingTemplate implements Template {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(LivingTemplate.class);

  private final CloneHost host;
  private final Clone parent;
  private final Runnable onCopied;

  /**
   * @param parent nothing is done to it until {@code onCopied}
   * @param onCopied called when it is needed no more, however that came about
   */
  LivingTemplate(CloneHost host, Clone parent, Runnable onCopied) {
    this.host = requireNonNull(host, "host is null");
    this.parent = requireNonNull(parent, "parent is null");
    this.onCopied = requireNonNull(onCopied, "onCopied is null");
  }

  @Override
  public Origin origin() {
    return parent.origin();
  }

  @Override
  public long sizeBytes() throws IOException {
    if (host.pool().sharesBlocks()) {
      return 0;
    }
    Usage usage = host.pool().usage(parent.data());
    return usage.exclusiveBytes() + usage.sharedBytes();
  }

  @Override
  public void copyTo(Path target) throws IOException, InterruptedException {
    try {
      Optional<RunningServer> server = parent.server();
      if (server.isPresent()) {
        copyOf(server.get(), target);
      } else {
        host.servers().killAllBelow(parent.directory());
        host.pool().copy(parent.data(), target);
      }
    } finally {
      onCopied.run();
    }
  }

  private void copyOf(RunningServer server, Path target) throws IOException, InterruptedException {
    prepare();
    long began = System.nanoTime();
    try (RunningServer.Stillness _ = server.freeze(PATIENCE)) {
      host.steps().reached(Step.PARENT_FROZEN);
      host.pool().copy(parent.data(), target);
    }
    LOG.info(
        "{} stood still for {} ms", parent, Duration.ofNanos(System.nanoTime() - began).toMillis());
  }

  /** What can be written out before keeps nobody waiting, neither then nor in the recovery. */
  private void prepare() throws IOException, InterruptedException {
    Checkpoint.tryOn(parent);
    if (host.pool().sharesBlocks()) {
      host.pool().sync(List.of(parent.data()));
    }
  }
}
