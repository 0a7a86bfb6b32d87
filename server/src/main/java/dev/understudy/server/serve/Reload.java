package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Problem;
import dev.understudy.config.SettingsChange;
import dev.understudy.config.SettingsException;
import dev.understudy.config.SettingsFile;
import dev.understudy.server.CommandException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a settings file that was changed while its daemon runs: all of it, or nothing. Used on
 * any thread, by one at a time.
 */
public final class Reload {
  private static final Logger log = LoggerFactory.getLogger(Reload.class);

  private final Path file;
  private final Daemon daemon;

  public Reload(Path file, Daemon daemon) {
    this.file = requireNonNull(file, "file is null");
    this.daemon = requireNonNull(daemon, "daemon is null");
  }

  /** Reads the file, and goes on as it says if all of it can be used; logs what came of it. */
  public synchronized ReloadResult run() {
    ReloadResult result;
    try {
      result = attempt();
    } catch (RuntimeException e) {
      log.error("{} could not be taken up", file, e);
      return new ReloadResult.Refused(List.of(problem(e.toString())));
    }
    switch (result) {
      case ReloadResult.Applied applied -> {
        applied.warnings().forEach(warning -> log.warn("{}", warning));
        applied
            .waiting()
            .forEach(key -> log.warn("{}: {} cannot be changed without a restart", file, key));
        log.info("Reloaded {}", file);
      }
      case ReloadResult.Refused refused -> {
        refused.problems().forEach(problem -> log.error("{}", problem));
        log.error("{} is not taken up: all goes on as it was", file);
      }
    }
    return result;
  }

  private ReloadResult attempt() {
    if (!daemon.isReady()) {
      return new ReloadResult.Refused(List.of(problem("the daemon is about to end")));
    }
    SettingsFile read;
    try {
      read = SettingsFile.read(file);
    } catch (SettingsException e) {
      return new ReloadResult.Refused(e.problems());
    }
    SettingsChange change = SettingsChange.of(daemon.settings(), read.settings());
    List<CommandException> obstacles = daemon.goOnWith(change.settings());
    return obstacles.isEmpty()
        ? new ReloadResult.Applied(change.waiting(), read.warnings())
        : new ReloadResult.Refused(
            obstacles.stream()
                .map(obstacle ->
                    problem(
                        obstacle.getMessage()
                            + (obstacle.hint() == null ? "" : "; " + obstacle.hint())))
                .toList());
  }

  private Problem problem(String message) {
    return new Problem(file.toString(), 0, "", message);
  }
}
