/**
 * Trees of files whose content cannot be trusted: walked descriptor by descriptor, never through a
 * link, whatever happens to them meanwhile.
 */
@NullMarked
package dev.understudy.cloner.tree;

import org.jspecify.annotations.NullMarked;
