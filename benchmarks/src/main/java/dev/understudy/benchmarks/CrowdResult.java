package dev.understudy.benchmarks;

import java.util.List;

/**
 * What was measured of a crowd; times in nanoseconds, memory in bytes.
 *
 * @param disk what an environment takes of the pool, its clone's server running or not
 * @param cloneMemory PSS of the processes of one running server
 * @param daemonMemory PSS of the daemon
 * @param lists of all environments, by the console
 * @param again a connect to every environment at the end; empty if that was not asked for
 */
record CrowdResult(
    int environments,
    long running,
    List<Long> made,
    long disk,
    long cloneMemory,
    long daemonMemory,
    List<Long> lists,
    List<Long> quietWakes,
    List<Long> busyWakes,
    List<Long> again,
    Restart restart) {}
