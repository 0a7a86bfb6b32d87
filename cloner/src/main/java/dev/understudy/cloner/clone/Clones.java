package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.cloner.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clones of one data directory. All methods block, unless they say otherwise; different clones
 * may be worked on side by side, one clone by one thread at a time.
 */
public final class Clones implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clones.class);

  private final CloneHost host;
  private final CloneStore store;
  private final CloneStarter starter;
  private final CloneMaker maker;
  private final CloneRemover remover;
  private final Removals removals;
  private final Suspension suspension;

  public Clones(CloneHost host) {
    this.host = requireNonNull(host, "host is null");
    this.store = new CloneStore(host);
    this.starter = new CloneStarter(host);
    this.maker = new CloneMaker(host, store, new FreeSpace(host.pool()), starter);
    this.remover = new CloneRemover(host, starter);
    this.removals = new Removals(remover);
    this.suspension = new Suspension(host, starter);
  }

  /**
   * Copies the snapshot and starts a server on the copy.
   *
   * @param durable the clone survives a crash of the host
   * @param terms that its server runs on
   * @throws CloneException and nothing of the clone is left, or soon will be
   */
  public MadeClone create(Snapshot snapshot, boolean durable, Terms terms)
      throws CloneException, InterruptedException {
    return create(new SnapshotTemplate(snapshot, host.pool()), durable, terms);
  }

  /**
   * Copies another clone with its data of the moment, and starts a server on the copy, which goes
   * through crash recovery. The other one's server, if it runs, stands still while its files are
   * copied.
   *
   * @param parent of this data directory; the caller sees to it that nothing is done to it until
   *     {@code onCopied}
   * @param durable the new clone survives a crash of the host
   * @param terms that its server runs on
   * @param onCopied called once at most, when the other clone is needed no more
   * @throws CloneException and nothing of the new clone is left, or soon will be
   */
  public MadeClone branch(Clone parent, boolean durable, Terms terms, Runnable onCopied)
      throws CloneException, InterruptedException {
    MadeClone made = create(new LivingTemplate(host, parent, onCopied), durable, terms);
    inherit(made.made(), parent);
    return made;
  }

  /** Until its own server is asked: a suspended parent's was not, and nobody may be the first. */
  private static void inherit(Clone child, Clone parent) {
    Optional<CloneRoles> known = parent.roles();
    if (known.isPresent()) {
      child.know(known.get().of(child.id()));
      try {
        child.recordRoles();
      } catch (IOException e) {
        LOG.warn("{}: its roles could not be recorded: {}", child, e.toString());
      }
    }
  }

  private MadeClone create(Template template, boolean durable, Terms terms)
      throws CloneException, InterruptedException {
    try (CloneMaker.Attempt attempt = maker.begin(template, durable)) {
      boolean made = false;
      try {
        CreationTimings timings = attempt.run(terms);
        made = true;
        return new MadeClone(attempt.made(), timings);
      } finally {
        if (!made) {
          remove(attempt.made());
        }
      }
    }
  }

  /**
   * Makes a throw-away clone, whose server runs and may be in use, durable.
   *
   * @throws CloneException and a crash of the host costs it, for now: the next start makes it
   *     durable if it is told to
   */
  public void makeDurable(Clone clone) throws CloneException, InterruptedException {
    new MakingDurable(host, starter).makeDurable(clone);
  }

  /**
   * Makes a throw-away clone, whose server does not run, durable; where the next start has to
   * recover it, only then. All that was written to it is on disk when this returns.
   */
  public void makeDurableAsleep(Clone clone) throws IOException {
    new MakingDurable(host, starter).asleep(clone);
  }

  /**
   * Lets the first session in any of a clone's databases, if they are few, be as fast as later
   * ones. Nobody has used it.
   */
  public void warmUp(Clone clone, List<Snapshot.Database> databases) throws InterruptedException {
    new WarmUp(clone).of(databases);
  }

  /** Starts the server of a clone whose server is stopped or ended by itself. */
  public void start(Clone clone, Terms terms) throws CloneException, InterruptedException {
    starter.restart(clone, terms);
  }

  /**
   * The same for a throw-away clone, which is durable from then on; where that cannot be done, a
   * later start tries it again.
   */
  public void startDurable(Clone clone, Terms terms) throws CloneException, InterruptedException {
    new MakingDurable(host, starter).start(clone, terms);
  }

  /**
   * Lets a clone whose server runs on some terms run on others: at once where they differ only in
   * what the kernel limits, else by starting its server again. Nobody uses it.
   */
  public void adapt(Clone clone, Terms before, Terms terms)
      throws CloneException, InterruptedException {
    try {
      if (before.settings().equals(terms.settings())) {
        host.groups().change(clone.id(), terms.resources());
      } else {
        stop(List.of(clone));
        start(clone, terms);
      }
    } catch (IOException e) {
      throw StorageErrors.translate(Reason.START_FAILED, "the clone could not be adapted", e);
    }
  }

  /**
   * Removes a clone: gone for everybody when this returns, its server ended (the sessions with
   * 57P01); what is on disk follows in the background. Never fails; what could not be deleted is
   * logged, and deleted by the next daemon.
   */
  public void remove(Clone clone) {
    boolean interrupted = Thread.interrupted();
    try {
      remover.end(clone);
      removals.add(clone);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Stops the server of a clone that nobody points at any more (the sessions end with 57P01), and
   * keeps the data; a crash of the host costs those that are throw-away, until they are {@link
   * #flush flushed}. Never fails, even if the thread is interrupted, or if the clone's record
   * cannot be written: the next daemon then does that.
   *
   * @return false if its server may still run
   */
  public boolean trash(Clone clone) {
    boolean interrupted = Thread.interrupted();
    try {
      try {
        starter.stop(clone);
      } catch (InterruptedException e) {
        interrupted = true;
        host.servers().killAllBelow(clone.directory());
      }
    } catch (RuntimeException e) {
      LOG.warn("{} could not be put into the trash: {}", clone, e.toString());
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      clone.record(clone.record().trashed());
    } catch (IOException e) {
      LOG.warn("{}: that it is in the trash could not be recorded: {}", clone, e.toString());
    }
    host.steps().reached(Step.CLONE_TRASHED);
    return true;
  }

  /** A clone of the trash belongs to somebody again; the next use starts it. */
  public void restore(Clone clone) throws IOException {
    clone.record(clone.record().suspended());
  }

  /**
   * Stops servers as {@link #stop} does; the next use starts them. All that they wrote is on disk
   * when this returns.
   */
  public void suspend(Collection<Clone> clones) throws IOException, InterruptedException {
    settle(stop(clones));
  }

  /**
   * Stops servers cleanly, and kills those that do not stop in time, whose data the next start
   * recovers. To be settled soon.
   *
   * @return those of which no process is left
   */
  public Set<Clone> stop(Collection<Clone> clones) throws InterruptedException {
    return suspension.stop(clones);
  }

  /** All that clones whose servers do not run wrote is on disk when this returns. */
  public void sync(Collection<Clone> clones) throws IOException {
    suspension.sync(clones);
  }

  /** They sleep, and all that they wrote is on disk when this returns. */
  public void settle(Collection<Clone> stopped) throws IOException {
    suspension.settle(stopped);
  }

  /**
   * They sleep. A crash of the host costs those that are throw-away, until they are {@link #flush
   * flushed}.
   */
  public void recordSleep(Collection<Clone> stopped) throws IOException {
    suspension.recordSleep(stopped);
  }

  /**
   * All that those of the clones wrote that sleep, or are in the trash, is on disk when this
   * returns, whoever works on them meanwhile.
   */
  public Flushed flush(Collection<Clone> clones) throws IOException {
    return suspension.flush(clones);
  }

  /**
   * Sorts what an earlier daemon left: takes over servers that still run, removes in the background
   * what was half made, half removed, lost with a crash of the host, or belongs to nobody, and
   * kills every process on it.
   */
  public RecoveredClones recover(Owners owners) throws IOException {
    return new CloneRecovery(host, store, starter, remover, removals).recover(owners);
  }

  /** True if the record of a clone can be read, and says that it outlives crashes of the host. */
  public boolean isDurable(String id) {
    try {
      return store.read(host.clones().resolve(id)).isDurable();
    } catch (IOException e) {
      return false;
    }
  }

  /** What the copy costs, of its own and shared, as it is now. Its server may run. */
  public Usage usage(Clone clone) throws IOException {
    return host.pool().usage(clone.data());
  }

  /**
   * What the server of a clone has done: by its control group where it has one, else by its
   * processes. Empty where it does not run. Reads some files of the kernel.
   */
  public Optional<Work> work(Clone clone) throws IOException {
    return Work.of(clone, host.groups());
  }

  /** What a copy of a snapshot costs at once. */
  public long bytesOf(Snapshot snapshot) {
    return host.pool().sharesBlocks() ? 0 : snapshot.sizeBytes();
  }

  /** What the copy costs beyond its snapshot, which is still there. Its server may run. */
  public long bytesBeyond(Snapshot snapshot, Clone clone) throws IOException {
    long own = usage(clone).exclusiveBytes();
    return host.pool().sharesBlocks() ? own : Math.max(0, own - snapshot.sizeBytes());
  }

  /**
   * Whether as much of the pool is free as is to stay so.
   *
   * @param bytes that are to be written before
   */
  public boolean hasRoom(long bytes) throws IOException {
    try {
      host.pool().requireRoom(bytes);
      return true;
    } catch (PoolFullException e) {
      return false;
    }
  }

  /** As {@link dev.understudy.cloner.pool.Pool#isLow}. */
  public boolean isLow() throws IOException {
    return host.pool().isLow();
  }

  /** As {@link dev.understudy.cloner.pool.Pool#reclaim}. */
  public void reclaim() throws IOException {
    host.pool().reclaim();
  }

  /** Of the pool. */
  public long freeBytes() throws IOException {
    return host.pool().freeBytes();
  }

  /** False if removals were still under way after that time; they go on. */
  public boolean awaitRemovals(Duration timeout) throws InterruptedException {
    return removals.await(timeout);
  }

  /** Ends the background work, waiting a little; servers go on running. */
  @Override
  public void close() {
    removals.close();
  }
}
