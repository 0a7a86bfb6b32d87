package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.Origin;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session on an environment. */
final class Session implements EnvironmentSession {
  private final Environment environment;
  private final Origin origin;
  private final Path socket;
  private final Instant openedAt;
  private final @Nullable CreationTimings creation;
  private volatile boolean connecting = true;

  Session(
      Environment environment, Clone target, Instant openedAt, @Nullable CreationTimings creation) {
    this.environment = environment;
    this.origin = target.origin();
    this.socket = target.socket();
    this.openedAt = openedAt;
    this.creation = creation;
  }

  Instant openedAt() {
    return openedAt;
  }

  boolean isConnecting() {
    return connecting;
  }

  @Override
  public Path socket() {
    return socket;
  }

  @Override
  public String environment() {
    return environment.name();
  }

  @Override
  public String source() {
    return origin.source();
  }

  @Override
  public Instant dataTime() {
    return origin.dataTime();
  }

  @Override
  public Optional<CreationTimings> creation() {
    return Optional.ofNullable(creation);
  }

  @Override
  public void activity() {
    // In this order, so that a look in between sees one or the other.
    environment.activity().touch();
    endConnecting();
  }

  @Override
  public void close() {
    environment.sessions().remove(this);
    endConnecting();
  }

  private void endConnecting() {
    if (connecting) {
      connecting = false;
      environment.reconsiderIdleness();
    }
  }
}
