/** Sources, snapshots, pool, clones and environments. */
@NullMarked
package dev.understudy.cloner;

import org.jspecify.annotations.NullMarked;
