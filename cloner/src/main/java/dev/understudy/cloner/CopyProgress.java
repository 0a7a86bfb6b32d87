package dev.understudy.cloner;

import dev.understudy.cloner.source.CopyListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs how far a copy of production is, and its masking, every few seconds. */
public final class CopyProgress implements CopyListener {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(CopyProgress.class);

  private final String source;
  private long last = System.nanoTime();

  public CopyProgress(String source) {
    this.source = source;
  }

  @Override
  public void copied(long files, long bytes, long total) {
    if (isTime()) {
      LOG.info("source {}: copied {} of {} MiB, {} files", source, bytes >> 20, total >> 20, files);
    }
  }

  @Override
  public void masked(long tables, long bytes, long total) {
    if (isTime()) {
      LOG.info(
          "source {}: masked {} of {} MiB, {} tables", source, bytes >> 20, total >> 20, tables);
    }
  }

  private boolean isTime() {
    long now = System.nanoTime();
    if (now - last < EVERY.toNanos()) {
      return false;
    }
    last = now;
    return true;
  }
}
