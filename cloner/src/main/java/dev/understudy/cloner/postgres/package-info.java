/**
 * A PostgreSQL server as a child of ours: binaries, configuration, start, readiness, stop,
 * adoption.
 */
@NullMarked
package dev.understudy.cloner.postgres;

import org.jspecify.annotations.NullMarked;
