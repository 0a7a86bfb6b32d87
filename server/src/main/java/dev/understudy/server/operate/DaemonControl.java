package dev.understudy.server.operate;

/** The daemon itself, as far as it can be told something while it runs. Thread-safe. */
public interface DaemonControl {
  /**
   * Takes up its settings file anew, all of it or nothing. Blocks.
   *
   * @throws OperationException if it cannot be taken up, or there is none
   */
  Reloaded reload();

  /**
   * Begins to end. Returns at once.
   *
   * @throws OperationException if this daemon is ended where it was started
   */
  void shutdown(ShutdownMode mode);

  /** Connections that are being authenticated. */
  int logins();
}
