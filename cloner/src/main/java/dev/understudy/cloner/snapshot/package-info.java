/** Sealed data directories cut from a source. */
@NullMarked
package dev.understudy.cloner.snapshot;

import org.jspecify.annotations.NullMarked;
