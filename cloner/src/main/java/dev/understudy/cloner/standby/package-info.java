/** Standbys of our own that follow production for good, and how snapshots are cut from them. */
@NullMarked
package dev.understudy.cloner.standby;

import org.jspecify.annotations.NullMarked;
