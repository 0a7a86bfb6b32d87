package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session on an environment. */
final class Session implements EnvironmentSession {
  private final Environment environment;
  private final Clone target;
  private final Instant openedAt;
  private final Opened opened;
  private final @Nullable Effect effect;
  private volatile boolean connecting = true;
  private volatile @Nullable Supplier<CompletableFuture<Void>> letGo;
  private @Nullable List<EnvironmentNotice> notices;

  /**
   * @param opened what the last wait for it came to
   * @param effect that this one is told; others who waited for the same are not
   */
  Session(
      Environment environment,
      Clone target,
      Instant openedAt,
      Opened opened,
      @Nullable Effect effect) {
    this.environment = environment;
    this.target = target;
    this.openedAt = openedAt;
    this.opened = opened;
    this.effect = effect;
  }

  Instant openedAt() {
    return openedAt;
  }

  boolean isConnecting() {
    return connecting;
  }

  @Override
  public Path socket() {
    return target.socket();
  }

  @Override
  public String environment() {
    return environment.name();
  }

  @Override
  public String source() {
    return target.origin().source();
  }

  @Override
  public Instant dataTime() {
    return target.origin().dataTime();
  }

  @Override
  public Optional<CreationTimings> creation() {
    return Optional.ofNullable(opened.timings());
  }

  @Override
  public Optional<Duration> start() {
    return Optional.ofNullable(opened.start());
  }

  @Override
  public Optional<Effect> effect() {
    return Optional.ofNullable(effect);
  }

  @Override
  public synchronized List<EnvironmentNotice> notices() {
    List<EnvironmentNotice> taken = notices;
    if (taken == null) {
      taken = environment.takeNotices();
      notices = taken;
    }
    return taken;
  }

  boolean isOn(Clone clone) {
    return target == clone;
  }

  @Override
  public void whenStopping(Supplier<CompletableFuture<Void>> hook) {
    letGo = hook;
  }

  /** Completes when it has, or will not. */
  CompletableFuture<Void> letGo() {
    Supplier<CompletableFuture<Void>> hook = letGo;
    return hook == null ? CompletableFuture.completedFuture(null) : hook.get();
  }

  @Override
  public void activity() {
    // In this order, so that a look in between sees one or the other.
    environment.activity().touch();
    environment.roles().used(target);
    endConnecting();
  }

  @Override
  public void close() {
    environment.sessions().remove(this);
    environment.roles().left(target);
    endConnecting();
  }

  private void endConnecting() {
    if (connecting) {
      connecting = false;
      environment.reconsiderIdleness();
    }
  }
}
