/** Copy-on-write storage: btrfs subvolumes, reflinks, plain copies. */
@NullMarked
package dev.understudy.cloner.pool;

import org.jspecify.annotations.NullMarked;
