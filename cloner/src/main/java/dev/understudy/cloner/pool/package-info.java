/** Copy-on-write storage: ZFS datasets, btrfs subvolumes, reflinks, plain copies. */
@NullMarked
package dev.understudy.cloner.pool;

import org.jspecify.annotations.NullMarked;
