/** What Understudy counts and measures of itself, for Prometheus. */
@NullMarked
package dev.understudy.server.metrics;

import org.jspecify.annotations.NullMarked;
