package dev.understudy.proxy.testing;

import dev.understudy.proxy.environment.ConnectTimings;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.Notice;
import dev.understudy.proxy.environment.OpenRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Hands out one socket, and remembers who asked and what became of the leases. */
public final class FakeEnvironments implements Environments {
  private final List<OpenRequest> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Pending> pending = new LinkedBlockingQueue<>();
  private final BlockingQueue<FakeLease> leases = new LinkedBlockingQueue<>();
  private final AtomicInteger openLeases = new AtomicInteger();
  private volatile List<Notice> notices = List.of();
  private volatile Function<OpenRequest, CompletableFuture<Lease>> behaviour;

  private FakeEnvironments(Function<OpenRequest, CompletableFuture<Lease>> behaviour) {
    this.behaviour = behaviour;
  }

  /** Everybody gets a lease on {@code socket} at once. */
  public static FakeEnvironments at(Path socket) {
    FakeEnvironments environments =
        new FakeEnvironments(_ -> CompletableFuture.failedFuture(new IllegalStateException()));
    environments.behaviour = _ -> CompletableFuture.completedFuture(environments.lease(socket));
    return environments;
  }

  /** From now on everybody waits until the test decides. */
  public void makeWait() {
    behaviour =
        request -> {
          CompletableFuture<Lease> future = new CompletableFuture<>();
          pending.add(new Pending(request, future));
          return future;
        };
  }

  /** From now on everybody hears this. */
  public void announce(Notice notice) {
    notices = List.of(notice);
  }

  public void fail(RuntimeException failure) {
    behaviour = _ -> CompletableFuture.failedFuture(failure);
  }

  @Override
  public CompletableFuture<Lease> open(OpenRequest request) {
    requests.add(request);
    return behaviour.apply(request);
  }

  public List<OpenRequest> requests() {
    return requests;
  }

  public int openLeases() {
    return openLeases.get();
  }

  /** The next one that waits. */
  public Pending awaitPending() throws InterruptedException {
    Pending next = pending.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody asked");
    }
    return next;
  }

  /** The next lease that was handed out. */
  public FakeLease awaitLease() throws InterruptedException {
    FakeLease next = leases.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no lease was handed out");
    }
    return next;
  }

  /** The youngest lease that nobody awaited. */
  public FakeLease lastLease() throws InterruptedException {
    FakeLease last = awaitLease();
    for (FakeLease next = leases.poll(); next != null; next = leases.poll()) {
      last = next;
    }
    return last;
  }

  public FakeLease lease(Path socket) {
    return lease(socket, Map.of("understudy.environment", "pr-1"));
  }

  public FakeLease lease(Path socket, Map<String, String> settings) {
    FakeLease lease = new FakeLease(socket, settings);
    openLeases.incrementAndGet();
    leases.add(lease);
    return lease;
  }

  /** Somebody who waits. */
  public record Pending(OpenRequest request, CompletableFuture<Lease> future) {}

  /** Counts what it is told. */
  public final class FakeLease implements Lease {
    private final Path socket;
    private final Map<String, String> settings;
    private final AtomicInteger closes = new AtomicInteger();
    private final List<ConnectTimings> connected = new CopyOnWriteArrayList<>();
    private final AtomicInteger activity = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile Runnable whenActive = () -> {};
    private final CompletableFuture<Supplier<CompletableFuture<Void>>> letGo =
        new CompletableFuture<>();

    private FakeLease(Path socket, Map<String, String> settings) {
      this.socket = socket;
      this.settings = settings;
    }

    @Override
    public Path socket() {
      return socket;
    }

    @Override
    public Map<String, String> settings() {
      return settings;
    }

    @Override
    public List<Notice> notices() {
      return notices;
    }

    @Override
    public void whenStopping(Supplier<CompletableFuture<Void>> hook) {
      letGo.complete(hook);
    }

    @Override
    public void connected(ConnectTimings timings) {
      connected.add(timings);
    }

    /** What each session was told of. */
    public List<ConnectTimings> connected() {
      return connected;
    }

    /** The server is about to be stopped; returns when the session has decided what to do. */
    public void tellStopping() {
      letGo.orTimeout(10, TimeUnit.SECONDS).join().get().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void clientActivity() {
      activity.incrementAndGet();
      whenActive.run();
    }

    /** Runs on the session's event loop before what the client has sent goes to the server. */
    public void whenActive(Runnable action) {
      whenActive = action;
    }

    @Override
    public void close() {
      closes.incrementAndGet();
      openLeases.decrementAndGet();
      closed.complete(null);
    }

    public int closes() {
      return closes.get();
    }

    public int activity() {
      return activity.get();
    }

    public void awaitClosed() {
      var _ = closed.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }
}
