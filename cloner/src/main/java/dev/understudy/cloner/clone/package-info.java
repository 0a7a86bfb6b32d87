/** Writable copies of a snapshot, each with a server of its own. */
@NullMarked
package dev.understudy.cloner.clone;

import org.jspecify.annotations.NullMarked;
