package dev.understudy.cloner.environment;

/** Whether the server of an environment made room for another. */
enum Room {
  /** It has ended. */
  MADE,
  /** It is used. */
  NONE,
  /** Something is being done to the environment: nobody waits for that, it may wait for others. */
  BUSY
}
