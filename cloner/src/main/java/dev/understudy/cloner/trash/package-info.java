/** What was dropped or replaced, and can be had back for a while. */
@NullMarked
package dev.understudy.cloner.trash;

import org.jspecify.annotations.NullMarked;
