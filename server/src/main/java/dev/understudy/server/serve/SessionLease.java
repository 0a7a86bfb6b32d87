package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.proxy.environment.ConnectTimings;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.Notice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The cloner's session as the proxy's lease. */
final class SessionLease implements Lease {
  private final EnvironmentSession session;
  private final Consumer<ConnectTimings> connected;
  private final Runnable ended;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * A lease of a session.
   *
   * @param connected told when the client and its server have found each other
   * @param ended run once, when the lease is given back
   */
  SessionLease(EnvironmentSession session, Consumer<ConnectTimings> connected, Runnable ended) {
    this.session = requireNonNull(session, "session is null");
    this.connected = requireNonNull(connected, "connected is null");
    this.ended = requireNonNull(ended, "ended is null");
  }

  @Override
  public Path socket() {
    return session.socket();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "understudy.environment", session.environment(),
        "understudy.source", session.source(),
        "understudy.data_time", session.dataTime().toString());
  }

  @Override
  public List<Notice> notices() {
    return session.notices().stream()
        .map(notice -> new Notice(notice.message(), notice.detail(), notice.hint()))
        .toList();
  }

  @Override
  public void whenStopping(Supplier<CompletableFuture<Void>> letGo) {
    session.whenStopping(letGo);
  }

  @Override
  public void connected(ConnectTimings timings) {
    connected.accept(timings);
  }

  @Override
  public void clientActivity() {
    session.activity();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      session.close();
      ended.run();
    }
  }
}
