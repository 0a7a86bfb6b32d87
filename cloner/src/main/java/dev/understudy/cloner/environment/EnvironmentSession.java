package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * One session's hold on an environment whose server runs. Until its first {@link #activity} a
 * session counts as still connecting, for a while; after that only what the client sends keeps the
 * environment awake, and a quiet session is ended by the server (57P01) when it is dropped.
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

  /** The client sent something. Cheap, any thread. */
  void activity();

  /** Idempotent; any thread; never blocks. */
  @Override
  void close();
}
