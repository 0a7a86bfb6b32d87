package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One session's hold on an environment whose server runs. Until its first {@link #activity} a
 * session counts as still connecting, for a while; after that only what the client sends keeps the
 * environment awake.
 */
public interface EnvironmentSession extends AutoCloseable {
  /** The server's unix socket itself (not its directory). */
  Path socket();

  String environment();

  /** Name of the source that the environment was cloned from. */
  String source();

  /** The moment of production that the environment began with. */
  Instant dataTime();

  /** Present if this session's wait made the environment; how long that took. */
  Optional<CreationTimings> creation();

  /** Present if this session's wait started the server that was there; how long that took. */
  Optional<Duration> start();

  /**
   * What was done to the environment because of this session; of those who wait for the same, one
   * has it.
   */
  Optional<Effect> effect();

  /**
   * For this session to hear before it begins, and perhaps for no other: to be asked for when its
   * client can be told.
   */
  List<EnvironmentNotice> notices();

  /**
   * What to do when the server is about to be stopped: asked on any thread, and again if the stop
   * was called off. A session that still uses the server a moment later is ended by it (57P01).
   *
   * @param letGo returns at once; completes when the session has let go of the server and is
   *     closed, or will not
   */
  void whenStopping(Supplier<CompletableFuture<Void>> letGo);

  /** The client sent something. Cheap, any thread. */
  void activity();

  /** Idempotent; any thread; never blocks. */
  @Override
  void close();
}
