package dev.understudy.server.operate;

/** What becomes of sessions when a daemon is told to end. */
public enum ShutdownMode {
  /** As after SIGTERM: each ends between its transactions, within {@code listen.drain-timeout}. */
  DRAIN,
  /** They have a second for that. */
  IMMEDIATE,
  /** They may stay as long as they want; nobody else is let in. */
  WAIT_FOR_CLIENTS
}
