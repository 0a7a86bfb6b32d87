package dev.understudy.proxy.environment;

import java.nio.file.Path;
import java.util.Map;

/**
 * One session's hold on a running server. The environment is not idle while the session uses it; an
 * open but quiet session does not keep it from being dropped, its server then ends it.
 */
public interface Lease extends AutoCloseable {
  /** The server's unix socket itself (not its directory). */
  Path socket();

  /**
   * Settings that the session shows: {@code understudy.environment}, {@code understudy.source},
   * {@code understudy.data_time}. Sent as startup parameters.
   */
  Map<String, String> settings();

  /** Tells that the client sent something after login. Cheap; any thread. */
  void clientActivity();

  /** Idempotent; any thread; never blocks. */
  @Override
  void close();
}
