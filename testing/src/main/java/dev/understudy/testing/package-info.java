/** The real daemon, file systems and commands, for integration tests and benchmarks. */
@NullMarked
package dev.understudy.testing;

import org.jspecify.annotations.NullMarked;
