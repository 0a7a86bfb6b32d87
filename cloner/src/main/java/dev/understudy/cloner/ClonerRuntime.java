package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneHost;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.SqlSettingsReload;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.environment.EnvironmentService;
import dev.understudy.cloner.hook.SandboxedHooks;
import dev.understudy.cloner.host.BootId;
import dev.understudy.cloner.pool.image.PoolImage;
import dev.understudy.cloner.pool.image.PoolImageException;
import dev.understudy.cloner.snapshot.SnapshotStore;
import dev.understudy.cloner.snapshot.SnapshotSweep;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What works for one data directory that is open, from its lock to its sources: each part begins
 * after what it needs, and all end in order. Thread-safe once it is open.
 */
final class ClonerRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClonerRuntime.class);

  private final AtomicReference<Adopted> adopted;
  private final LockedDirectory directory;
  private final Foundation foundation;
  private final SnapshotStore snapshots;
  private final Mirrors mirrors;
  private final Clones clones;
  private final EnvironmentService environments;
  private final Sources sources;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ClonerRuntime(
      AtomicReference<Adopted> adopted,
      LockedDirectory directory,
      Foundation foundation,
      SnapshotStore snapshots,
      Function<String, CopyListener> progress,
      StepListener steps,
      HostTime time)
      throws ClonerException, IOException, InterruptedException {
    this.adopted = adopted;
    this.directory = directory;
    this.foundation = foundation;
    this.snapshots = snapshots;
    this.mirrors = Mirrors.open(settings(), foundation, directory.path(), progress);
    Path path = directory.path();
    InstantSource clock = time.clock();
    this.clones =
        new Clones(
            new CloneHost(
                path,
                foundation.pool(),
                foundation.servers(),
                foundation.groups(),
                new SqlSettingsReload(),
                foundation::binaries,
                BootId.current(),
                clock,
                steps));
    this.environments =
        EnvironmentService.of(
            path,
            clones,
            SandboxedHooks.open(
                foundation.servers(),
                foundation::binaries,
                foundation.groups(),
                foundation.pool(),
                path.resolve("hooks")),
            snapshots,
            this::settings,
            time,
            steps);
    this.sources =
        new Sources(
            adopted::get,
            foundation,
            mirrors,
            snapshots,
            environments::snapshotPublished,
            environments::makeRoom,
            progress,
            clock);
  }

  /** As {@link Cloner#open(Settings)}. */
  static ClonerRuntime open(
      Settings settings, Function<String, CopyListener> progress, StepListener steps, HostTime time)
      throws ClonerException, InterruptedException {
    mountPool(settings);
    try {
      LockedDirectory directory = LockedDirectory.open(settings.dataDirectory());
      Foundation foundation = null;
      ClonerRuntime runtime = null;
      boolean opened = false;
      try {
        AtomicReference<Adopted> adopted =
            new AtomicReference<>(Adopted.load(settings, directory.path()));
        foundation =
            Foundation.probe(settings, directory.path(), () -> adopted.get().settings().minFree());
        warnOfUnmasked(adopted.get());
        SnapshotStore snapshots =
            SnapshotStore.open(
                directory.path(),
                foundation.pool(),
                foundation.servers(),
                source -> adopted.get().masks().digest(source));
        runtime =
            new ClonerRuntime(adopted, directory, foundation, snapshots, progress, steps, time);
        boolean complete = runtime.environments.restore();
        runtime.sweepSnapshots(complete);
        runtime.mirrors.begin();
        runtime.sources.start();
        opened = true;
        return runtime;
      } finally {
        if (!opened) {
          abandon(directory, foundation, runtime);
        }
      }
    } catch (IOException e) {
      throw failed(settings, e);
    } catch (UncheckedIOException e) {
      throw failed(settings, requireNonNull(e.getCause(), "UncheckedIOException without cause"));
    }
  }

  /**
   * Not before it is known of all that there is what it was made of.
   *
   * @param complete all records could be read
   */
  private void sweepSnapshots(boolean complete) {
    if (!complete) {
      LOG.warn(
          "snapshots of sources that are in the settings no more stay until all records can be"
              + " read");
      return;
    }
    Set<String> needed =
        Stream.concat(environments.targets().stream(), environments.trashed().stream())
            .map(clone -> clone.origin().snapshot())
            .collect(Collectors.toSet());
    new SnapshotSweep(snapshots).run(settings().sources().keySet(), needed);
  }

  private static void mountPool(Settings settings) throws ClonerException, InterruptedException {
    try {
      if (PoolImage.mount(settings.dataDirectory())) {
        LOG.info("the pool of {} is mounted", settings.dataDirectory());
      }
    } catch (PoolImageException e) {
      throw new ClonerException(String.valueOf(e.getMessage()), e.hint().orElse(null), e);
    }
  }

  private static ClonerException failed(Settings settings, IOException cause) {
    return new ClonerException(
        "the data directory %s cannot be opened: %s".formatted(settings.dataDirectory(), cause),
        null,
        cause);
  }

  private static void abandon(
      LockedDirectory directory, @Nullable Foundation foundation, @Nullable ClonerRuntime runtime)
      throws IOException {
    if (runtime != null) {
      runtime.close();
      return;
    }
    if (foundation != null) {
      foundation.servers().close();
    }
    directory.close();
  }

  private static void warnOfUnmasked(Adopted adopted) {
    adopted.masks().warnOfUnmasked(adopted.settings().sources().keySet());
  }

  /** Those of now. */
  Settings settings() {
    return adopted.get().settings();
  }

  /** As {@link Cloner#prepare}. */
  Runnable prepare(Settings next) throws ClonerException {
    if (!next.sources().keySet().equals(settings().sources().keySet())) {
      throw new IllegalArgumentException("there are other sources");
    }
    foundation.prepare(next);
    Adopted prepared = Adopted.load(next, directory.path());
    return () -> adopt(prepared);
  }

  private void adopt(Adopted next) {
    adopted.set(next);
    warnOfUnmasked(next);
    sources.settingsChanged();
    environments.settingsChanged();
  }

  Foundation foundation() {
    return foundation;
  }

  SnapshotStore snapshots() {
    return snapshots;
  }

  Mirrors mirrors() {
    return mirrors;
  }

  Clones clones() {
    return clones;
  }

  EnvironmentService environments() {
    return environments;
  }

  Sources sources() {
    return sources;
  }

  /** As {@link Cloner#close}. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      environments.close();
      abandonMirrors();
      release();
    }
  }

  /** As {@link Cloner#shutdown}. */
  void shutdown() throws InterruptedException {
    if (closed.compareAndSet(false, true)) {
      learnRoles();
      environments.close();
      try {
        sources.close();
        // First what others count on: whoever waits for this may not wait for all of it.
        suspend();
        sync();
        mirrors.shutdown();
      } finally {
        // Who was interrupted has still to let go of the directory before it is another daemon's.
        abandonMirrors();
        release();
      }
    }
  }

  /** Who is in a hurry gets what was known before. */
  private void learnRoles() {
    try {
      environments.learnRoles();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void suspend() throws InterruptedException {
    try {
      clones.suspend(environments.targets());
    } catch (IOException e) {
      LOG.warn("the end of the servers could not be recorded: {}", e.toString());
    }
  }

  private void sync() {
    Stream<Clone> stopped =
        environments.targets().stream().filter(clone -> clone.server().isEmpty());
    try {
      clones.sync(Stream.concat(stopped, environments.trashed().stream()).toList());
      environments.forceRecords();
    } catch (IOException e) {
      LOG.warn("that all data is on disk could not be recorded: {}", e.toString());
    }
  }

  /** Without leaving anything half done behind, whoever is in a hurry. Idempotent. */
  private void abandonMirrors() {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        sources.close();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    mirrors.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    clones.close();
    try {
      foundation.servers().close();
    } catch (IOException e) {
      LOG.warn("{}", e.toString());
    } finally {
      try {
        directory.close();
      } catch (IOException e) {
        LOG.warn("the lock of {} could not be released: {}", directory.path(), e.toString());
      }
    }
  }
}
