/** {@code understudy up URL}: from one URL to a daemon, without a settings file. */
@NullMarked
package dev.understudy.server.up;

import org.jspecify.annotations.NullMarked;
