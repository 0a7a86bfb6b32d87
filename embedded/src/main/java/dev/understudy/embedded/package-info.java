/** A real PostgreSQL that comes with Understudy, for the demo and for tests. */
@NullMarked
package dev.understudy.embedded;

import org.jspecify.annotations.NullMarked;
