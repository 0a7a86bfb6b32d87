/** Stand-ins for what clones stand on, written by hand. */
@NullMarked
package dev.understudy.cloner.fake;

import org.jspecify.annotations.NullMarked;
