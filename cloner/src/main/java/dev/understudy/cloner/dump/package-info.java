/** Sources of which only SQL is to be had: dumped, and restored into clusters of our own. */
@NullMarked
package dev.understudy.cloner.dump;

import org.jspecify.annotations.NullMarked;
