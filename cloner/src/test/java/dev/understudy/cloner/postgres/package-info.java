/** Servers, tested on real PostgreSQL. */
@NullMarked
package dev.understudy.cloner.postgres;

import org.jspecify.annotations.NullMarked;
