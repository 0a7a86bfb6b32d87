package dev.understudy.cloner.environment;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what the environments that run have written, where a policy limits it, one after the
 * other. Those that sleep were measured when they went to sleep.
 */
final class PrivateLimitWatch {
  static final Duration PERIOD = Duration.ofMinutes(3);
  private static final Logger LOG = LoggerFactory.getLogger(PrivateLimitWatch.class);

  private final EnvironmentHost host;
  private final AtomicBoolean begun = new AtomicBoolean();

  PrivateLimitWatch(EnvironmentHost host) {
    this.host = host;
  }

  /** Where a policy limits anything; to be called again when there are other policies. */
  void beginIfNeeded() {
    if (host.policies().isAny(policy -> policy.resources().privateBytes() != null)
        && begun.compareAndSet(false, true)) {
      next();
    }
  }

  private void next() {
    var _ = host.alarms().in(PERIOD, this::submit);
  }

  private void submit() {
    try {
      host.threads().execute(this::look);
    } catch (RejectedExecutionException e) {
      LOG.debug("the next daemon goes on");
    } catch (Throwable e) { // there may be no room for a thread
      LOG.warn("nobody measured the environments: {}", e.toString());
      next();
    }
  }

  private void look() {
    try {
      host.population().existing().stream()
          .filter(Environment::isRunning)
          .map(Environment::privateLimit)
          .forEach(PrivateLimit::measure);
    } catch (RuntimeException e) {
      LOG.warn("the environments could not be measured: {}", e.toString());
    } finally {
      next();
    }
  }
}
