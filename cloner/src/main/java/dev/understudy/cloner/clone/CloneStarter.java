package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts and stops the servers of clones, recording first what it is about to do. */
final class CloneStarter {
  /** Generous: a crashed server recovers before it accepts. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(CloneStarter.class);

  private final CloneHost host;

  CloneStarter(CloneHost host) {
    this.host = host;
  }

  PostgresBinaries binaries(Origin origin) throws CloneException {
    int major = origin.version() / 10_000;
    return host.binaries()
        .apply(major)
        .orElseThrow(() ->
            new CloneException(
                Reason.NO_BINARIES,
                "there are no binaries of PostgreSQL %d on this host".formatted(major),
                "The source \"%s\" runs that version.".formatted(origin.source()),
                null));
  }

  /** Starts the server; no process and no claim to one is left if that fails. */
  void start(Clone clone, Terms terms) throws CloneException, InterruptedException {
    PostgresBinaries binaries = binaries(clone.origin());
    trimLog(clone);
    tellMemoryKills(clone);
    try (Waking waking = Waking.begin(clone, host.bootId())) {
      host.servers().setStandby(clone.data(), terms.isReadOnly());
      RunningServer server =
          host.servers()
              .start(
                  clone.spec(binaries, terms),
                  identity -> {
                    try {
                      waking.await();
                      host.groups().place(clone.id(), terms.resources(), identity.pid());
                      clone.record(clone.record().running(identity));
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                    host.steps().reached(Step.SERVER_RECORDED);
                  },
                  START_TIMEOUT);
      clone.serve(server);
    } catch (ServerException e) {
      throw StorageErrors.translate(e, host.pool());
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.START_FAILED, "the clone could not be prepared", e);
    } catch (UncheckedIOException e) {
      throw StorageErrors.translate(
          Reason.START_FAILED,
          "the clone's state could not be recorded, or its processes not be limited",
          requireNonNull(e.getCause(), "UncheckedIOException without cause"));
    }
  }

  private void tellMemoryKills(Clone clone) {
    long killed = host.groups().memoryKills(clone.id());
    if (killed > 0) {
      LOG.warn(
          "{}: {} of its processes were killed since its last start: the memory that it may use"
              + " had run out",
          clone,
          killed);
    }
    removeGroup(clone);
  }

  /** Where a process is left in it, which is about to end, it goes with the next stop or start. */
  void removeGroup(Clone clone) {
    try {
      host.groups().remove(clone.id());
    } catch (IOException e) {
      LOG.debug("{}: its control group stays: {}", clone, e.toString());
    }
  }

  private static void trimLog(Clone clone) {
    try {
      clone.trimLog();
    } catch (IOException e) {
      LOG.warn("{}: its server's log could not be shortened: {}", clone, e.toString());
    }
  }

  /**
   * Starts the server of a clone whose data somebody owns: a failure is recorded, the data kept.
   */
  void restart(Clone clone, Terms terms) throws CloneException, InterruptedException {
    if (clone.record().server() != null) { // where one was stopped, none is left
      host.servers().killAllBelow(clone.directory());
    }
    try {
      start(clone, terms);
    } catch (CloneException e) {
      try {
        clone.record(clone.record().failed(String.valueOf(e.getMessage())));
      } catch (IOException io) {
        LOG.warn("{}: its failure could not be recorded: {}", clone, io.toString());
      }
      throw e;
    }
  }

  /** Takes over the server that an earlier daemon left running; true if it is still that one. */
  boolean adopt(Clone clone) {
    CloneRecord record = clone.record();
    if (record.server() == null) {
      return false;
    }
    try {
      var running =
          host.servers().adopt(record.server(), clone.spec(binaries(record.origin()), Terms.NONE));
      running.ifPresent(clone::serve);
      return running.isPresent();
    } catch (CloneException e) {
      LOG.warn("{}: {}", clone, e.getMessage());
      return false;
    } catch (UncheckedIOException e) {
      LOG.warn("{}: its server cannot be taken over: {}", clone, e.toString());
      return false;
    }
  }

  /** Ends the sessions and the server; no process is left. True if the data is whole on its own. */
  boolean stop(Clone clone) throws InterruptedException {
    var running = clone.server();
    boolean clean = running.isPresent() && running.get().stop(STOP_TIMEOUT);
    if (!clean) {
      host.servers().killAllBelow(clone.directory());
    }
    tellMemoryKills(clone);
    return clean;
  }
}
