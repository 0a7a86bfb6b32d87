package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.postgres.ServerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Makes one clone, phase by phase. */
final class CloneMaker {
  private final CloneHost host;
  private final CloneStore store;
  private final FreeSpace space;
  private final CloneStarter starter;

  CloneMaker(CloneHost host, CloneStore store, FreeSpace space, CloneStarter starter) {
    this.host = host;
    this.store = store;
    this.space = space;
    this.starter = starter;
  }

  /** Checks what can be checked before anything is done, and makes the clone's record. */
  Attempt begin(Template template, boolean durable) throws CloneException {
    Origin origin = template.origin();
    starter.binaries(origin);
    FreeSpace.Reservation reservation = space.reserve(template);
    try {
      Clone clone = store.add(origin, durable);
      host.steps().reached(Step.CLONE_RECORDED);
      return new Attempt(clone, template, reservation);
    } catch (IOException e) {
      reservation.close();
      throw StorageErrors.translate(
          Reason.COPY_FAILED, "the state of a clone could not be recorded", e);
    }
  }

  /** A clone in the making. Closing it gives back the room that the copy was promised. */
  final class Attempt implements AutoCloseable {
    private final Clone clone;
    private final Template template;
    private final FreeSpace.Reservation reservation;

    private Attempt(Clone clone, Template template, FreeSpace.Reservation reservation) {
      this.clone = clone;
      this.template = template;
      this.reservation = reservation;
    }

    Clone made() {
      return clone;
    }

    /** Does the work. The caller removes the clone if this fails. */
    CreationTimings run(Terms terms) throws CloneException, InterruptedException {
      Stopwatch watch = new Stopwatch();
      copy();
      Duration copied = watch.lap();
      configure();
      Duration configured = watch.lap();
      starter.start(clone, terms);
      host.steps().reached(Step.SERVER_STARTED);
      return new CreationTimings(copied, configured, watch.lap());
    }

    private void copy() throws CloneException, InterruptedException {
      try {
        template.copyTo(clone.data());
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while copying");
        }
        throw StorageErrors.translate(Reason.COPY_FAILED, "the data could not be copied", e);
      }
      host.steps().reached(Step.TREE_COPIED);
    }

    private void configure() throws CloneException {
      boolean durable = clone.isDurable();
      try {
        host.servers()
            .configure(clone.data(), new ServerConfiguration(durable, clone.origin().settings()));
        host.steps().reached(Step.CLONE_CONFIGURED);
        if (durable) {
          host.pool().sync(List.of(clone.data()));
          clone.record(clone.record().synced());
          host.steps().reached(Step.CLONE_SYNCED);
        }
      } catch (IOException e) {
        throw StorageErrors.translate(Reason.COPY_FAILED, "the clone could not be configured", e);
      }
    }

    @Override
    public void close() {
      reservation.close();
    }
  }
}
