package dev.understudy.cloner.fake;

import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Servers without processes. They outlive the daemon as real ones do, until killed. */
public final class FakeServers implements Servers {
  public static final String BOOT = "boot-1";

  public final List<FakeServer> started = new CopyOnWriteArrayList<>();
  public final List<ServerConfiguration> configured = new CopyOnWriteArrayList<>();
  public final Map<ProcessIdentity, FakeServer> running = new ConcurrentHashMap<>();
  public final Set<Path> standbys = ConcurrentHashMap.newKeySet();
  public volatile @Nullable ServerException startFailure;

  /** As where no sandbox can be made. */
  public volatile @Nullable ServerException sandboxFailure;

  public volatile @Nullable IOException adoptFailure;

  /** What a crash of the host has left of all data. */
  public volatile @Nullable IOException damage;

  public volatile Runnable duringStop = () -> {};

  /** False: a server that is stopped has to be killed. */
  public volatile boolean stopsCleanly = true;

  public volatile @Nullable CountDownLatch gate;
  public volatile Consumer<FakeServer> onStarted = server -> {};
  public final CountDownLatch reachedGate = new CountDownLatch(1);

  /** How often all processes of the host were looked at. */
  public final AtomicInteger looks = new AtomicInteger();

  private final AtomicLong pids = new AtomicLong(100);

  @Override
  public void configure(Path dataDirectory, ServerConfiguration configuration) throws IOException {
    Files.writeString(dataDirectory.resolve("postgresql.conf"), "ours\n");
    configured.add(configuration);
  }

  @Override
  public void reconfigure(Path dataDirectory, ServerConfiguration configuration) {
    configured.add(configuration);
  }

  @Override
  public void setStandby(Path dataDirectory, boolean standby) throws IOException {
    if (standby) {
      standbys.add(dataDirectory);
    } else {
      standbys.remove(dataDirectory);
    }
  }

  @Override
  public RunningServer start(
      ServerSpec spec, Consumer<ProcessIdentity> beforeStart, Duration timeout)
      throws ServerException, InterruptedException {
    CountDownLatch closed = gate;
    if (closed != null) {
      reachedGate.countDown();
      closed.await();
    }
    ServerException before = sandboxFailure;
    if (before != null) {
      throw before;
    }
    ProcessIdentity identity = new ProcessIdentity(BOOT, pids.incrementAndGet(), 1);
    beforeStart.accept(identity);
    ServerException failure = startFailure;
    if (failure != null) {
      throw failure;
    }
    FakeServer server = new FakeServer(this, identity, spec);
    running.put(identity, server);
    started.add(server);
    onStarted.accept(server);
    return server;
  }

  @Override
  public Optional<RunningServer> adopt(ProcessIdentity identity, ServerSpec spec) {
    IOException failure = adoptFailure;
    if (failure != null) {
      throw new UncheckedIOException(failure);
    }
    return Optional.ofNullable(running.get(identity));
  }

  @Override
  public void examine(Path dataDirectory) throws IOException {
    IOException found = damage;
    if (found != null) {
      throw found;
    }
  }

  @Override
  public boolean isShutDown(Path dataDirectory) {
    return started.stream()
        .filter(server -> server.spec().dataDirectory().equals(dataDirectory))
        .reduce((earlier, later) -> later)
        .filter(server -> server.stoppedCleanly)
        .isPresent();
  }

  @Override
  public int killAllBelow(Collection<Path> directories) {
    looks.incrementAndGet();
    int killed = 0;
    for (FakeServer server : List.copyOf(running.values())) {
      if (directories.stream().anyMatch(server.spec().dataDirectory()::startsWith)) {
        server.kill();
        killed++;
      }
    }
    return killed;
  }
}
