/** What keeps clones from being written to by those who only read. */
@NullMarked
package dev.understudy.cloner.freezing;

import org.jspecify.annotations.NullMarked;
