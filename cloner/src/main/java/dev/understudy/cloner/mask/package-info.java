/** What keeps production's personal data out of snapshots. */
@NullMarked
package dev.understudy.cloner.mask;

import org.jspecify.annotations.NullMarked;
