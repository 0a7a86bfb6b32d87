package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the logs of all servers within bounds, used or idle, one after the other. */
final class LogSweep {
  static final Duration PERIOD = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(LogSweep.class);

  private final EnvironmentHost host;
  private final Supplier<? extends Collection<Clone>> clones;

  LogSweep(EnvironmentHost host, Supplier<? extends Collection<Clone>> clones) {
    this.host = host;
    this.clones = clones;
  }

  /** Sweeps from now on until the alarms or the threads end. Called once. */
  void begin() {
    var _ = host.alarms().in(PERIOD, this::wake);
  }

  private void wake() {
    try {
      host.threads().execute(this::sweep);
    } catch (RejectedExecutionException e) {
      LOG.debug("the next daemon goes on");
    } catch (Throwable e) { // there may be no room for a thread now
      begin();
      throw e;
    }
  }

  private void sweep() {
    try {
      clones.get().forEach(LogSweep::trim);
    } finally {
      begin();
    }
  }

  private static void trim(Clone clone) {
    try {
      clone.trimLog();
    } catch (IOException e) {
      LOG.warn("{}: its server's log could not be shortened: {}", clone, e.toString());
    }
  }
}
