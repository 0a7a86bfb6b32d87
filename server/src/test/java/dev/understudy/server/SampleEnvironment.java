package dev.understudy.server;

import dev.understudy.cloner.clone.CloneState;
import dev.understudy.cloner.environment.Endings;
import dev.understudy.cloner.environment.EnvironmentStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An environment as the cloner tells of it: of a source {@code prod}, without sessions. */
public record SampleEnvironment(
    String name,
    @Nullable String target,
    boolean running,
    @Nullable String owner,
    Endings endings) {
  /** It runs, on clone c1, belongs to app, and nothing ends it. */
  public static SampleEnvironment named(String name) {
    return new SampleEnvironment(name, "c1", true, "app", Endings.NONE);
  }

  /**
   * The same, on another clone.
   *
   * @param id null: its data is lost
   */
  public SampleEnvironment onClone(@Nullable String id) {
    return new SampleEnvironment(name, id, running, owner, endings);
  }

  public SampleEnvironment running(boolean runs) {
    return new SampleEnvironment(name, target, runs, owner, endings);
  }

  public SampleEnvironment ownedBy(@Nullable String role) {
    return new SampleEnvironment(name, target, running, role, endings);
  }

  public SampleEnvironment endingBy(Endings ends) {
    return new SampleEnvironment(name, target, running, owner, ends);
  }

  public EnvironmentStatus status() {
    return new EnvironmentStatus(
        name,
        "prod",
        Instant.EPOCH,
        "s1",
        target,
        running ? CloneState.RUNNING : CloneState.SUSPENDED,
        running,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        owner,
        null,
        false,
        null,
        endings);
  }
}
