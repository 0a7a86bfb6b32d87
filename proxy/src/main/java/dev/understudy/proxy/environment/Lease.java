package dev.understudy.proxy.environment;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One session's hold on a running server. The environment is not idle while the session uses it; an
 * open but quiet session keeps it neither awake nor from being dropped.
 */
public interface Lease extends AutoCloseable {
  /** The server's unix socket itself (not its directory). */
  Path socket();

  /**
   * Settings that the session shows: {@code understudy.environment}, {@code understudy.source},
   * {@code understudy.data_time}. Sent as startup parameters.
   */
  Map<String, String> settings();

  /** For this session to hear before it begins. */
  List<Notice> notices();

  /** The session begins. Told once at most, on its event loop; cheap. */
  void connected(ConnectTimings timings);

  /** Tells that the client sent something after login. Cheap; any thread. */
  void clientActivity();

  /**
   * What to do when the server is about to be stopped: asked on any thread, and again if the stop
   * was called off. What still uses the server a moment later is ended by the server.
   *
   * @param letGo returns at once; completes when the session has closed its connection to the
   *     server, or will not
   */
  void whenStopping(Supplier<CompletableFuture<Void>> letGo);

  /** Idempotent; any thread; never blocks. */
  @Override
  void close();
}
