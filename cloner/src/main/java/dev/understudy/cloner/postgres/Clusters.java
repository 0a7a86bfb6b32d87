package dev.understudy.cloner.postgres;

import java.time.Duration;

/** Makes data directories that are nobody's copy. Blocks. */
@FunctionalInterface
public interface Clusters {
  /**
   * Makes a cluster as initdb does, in the sandbox; it belongs to the user that clones run as, and
   * is not configured yet.
   *
   * @throws ServerException with initdb's own words; no process is left, and the directory may hold
   *     anything
   */
  void initialise(NewCluster cluster, Duration timeout)
      throws ServerException, InterruptedException;
}
