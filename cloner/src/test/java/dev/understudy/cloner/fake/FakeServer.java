package dev.understudy.cloner.fake;

import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A server without a process. */
public final class FakeServer implements RunningServer {
  private final FakeServers servers;
  private final ProcessIdentity identity;
  private final ServerSpec spec;
  private final CompletableFuture<Void> exit = new CompletableFuture<>();
  public volatile boolean stoppedCleanly;
  public volatile boolean frozen;

  FakeServer(FakeServers servers, ProcessIdentity identity, ServerSpec spec) {
    this.servers = servers;
    this.identity = identity;
    this.spec = spec;
  }

  public ServerSpec spec() {
    return spec;
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public Path socket() {
    return spec.socket();
  }

  @Override
  public boolean isRunning() {
    return servers.running.containsKey(identity);
  }

  @Override
  public CompletableFuture<Void> onExit() {
    return exit;
  }

  @Override
  public boolean stop(Duration timeout) {
    servers.duringStop.run();
    stoppedCleanly = servers.stopsCleanly;
    kill();
    return stoppedCleanly;
  }

  @Override
  public Stillness freeze(Duration patience) {
    frozen = true;
    return () -> frozen = false;
  }

  @Override
  public void kill() {
    servers.running.remove(identity);
    exit.complete(null);
  }
}
