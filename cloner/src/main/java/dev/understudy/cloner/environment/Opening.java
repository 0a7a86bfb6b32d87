package dev.understudy.cloner.environment;

import dev.understudy.cloner.snapshot.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One making or starting that several may wait for. */
final class Opening {
  private final Environment environment;
  private final EnvironmentHost host;
  private final EnvironmentRequest request;
  private final CompletableFuture<Opened> ready = new CompletableFuture<>();

  /**
   * @param request the first one
   */
  Opening(Environment environment, EnvironmentHost host, EnvironmentRequest request) {
    this.environment = environment;
    this.host = host;
    this.request = request;
  }

  boolean isFor(String fresh) {
    return fresh.equals(request.fresh());
  }

  /** What it came to. */
  CompletableFuture<Opened> ready() {
    return ready;
  }

  /** Returns false where nothing can begin; whoever waits is told. */
  boolean begin() {
    return environment.tasks().execute(this::run, ready);
  }

  private void run() {
    Outcome<Opened> outcome = Outcome.of("opened", environment.name(), this::makeOrStart);
    environment.state().endOpening(this);
    outcome.tell(ready);
    environment.retireIfNothing();
  }

  private Opened makeOrStart() throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer existing = environment.pointer();
    String fresh = request.fresh();
    if (fresh != null && existing != null && existing.target() != null) {
      if (!existing.record().isFreshFor(fresh)) {
        return new Opened(
            new Renewing(environment, host).startAfresh(existing, existing.target(), fresh),
            null,
            Effect.RESET);
      }
    }
    if (environment.isRunning()) {
      return Opened.NOTHING;
    }
    boolean lost = environment.pointer() != null;
    EnvironmentMaker maker = new EnvironmentMaker(host);
    Optional<Snapshot> wanted = maker.wanted(environment.name(), existing);
    try (Place _ = host.population().enter(environment, request.role());
        ServerPlace place =
            host.running().enter(environment, RunningPlaces.OwnServer.NONE, wanted)) {
      EnvironmentMaker.Done done =
          maker.makeOrStart(request, environment.pointer(), place).orElse(null);
      if (!(done instanceof EnvironmentMaker.Made made)) {
        environment.woken();
        Duration start = done instanceof EnvironmentMaker.Started(Duration took) ? took : null;
        return new Opened(null, start, Effect.WOKEN);
      }
      environment.made(made.pointer());
      if (lost) {
        environment.notices().dataWasLost();
      }
      return new Opened(made.timings(), null, Effect.CREATED);
    }
  }
}
