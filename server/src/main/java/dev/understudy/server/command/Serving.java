package dev.understudy.server.command;

import dev.understudy.server.serve.Daemon;
import dev.understudy.server.serve.Reload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon from its start to its end, as signals have it. */
final class Serving {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private final Path file;
  private final Hangups hangups;
  private volatile @Nullable Daemon running;

  /**
   * @param file of the settings, which is read again when somebody asks
   * @param hangups that ask
   */
  Serving(Path file, Hangups hangups) {
    this.file = file;
    this.hangups = hangups;
  }

  /**
   * Returns after SIGTERM or SIGINT: sessions get the time to drain, unless there is another one.
   */
  int run(Callable<Daemon> start) throws Exception {
    return Termination.guard(() -> serve(start), this::drainTimeout);
  }

  private int serve(Callable<Daemon> start) throws Exception {
    Daemon daemon = start.call();
    running = daemon;
    try {
      log.info("Ready: {}", daemon);
      Reload reload = new Reload(file, daemon);
      daemon.steerBy(reload, Termination::begin);
      hangups.serve(reload::run);
    } finally {
      end(daemon);
      log.info("Stopped");
    }
    throw new AssertionError("the wait ends by an interrupt only");
  }

  /** The end of the host is that of its servers too: those that stop before it lose nothing. */
  private static void end(Daemon daemon) throws InterruptedException {
    if (HostShutdown.isUnderWay()) {
      log.info("The host goes down: environments that run are put to sleep");
      daemon.shutdown();
    } else {
      daemon.close();
    }
  }

  private Duration drainTimeout() {
    Daemon daemon = running;
    return daemon == null ? Duration.ZERO : daemon.drainTimeout();
  }
}
