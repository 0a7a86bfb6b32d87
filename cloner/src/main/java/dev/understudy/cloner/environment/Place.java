package dev.understudy.cloner.environment;

/** Room for what is being made or started, until it exists or runs, or has failed to. */
interface Place extends AutoCloseable {
  @Override
  void close();
}
