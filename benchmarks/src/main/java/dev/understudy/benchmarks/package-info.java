/** Measures the daemon as its users run it, beside a floor in the same run. */
@NullMarked
package dev.understudy.benchmarks;

import org.jspecify.annotations.NullMarked;
