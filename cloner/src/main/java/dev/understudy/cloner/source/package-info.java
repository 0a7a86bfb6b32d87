/** Production servers that are mirrored, and how they are copied without being changed. */
@NullMarked
package dev.understudy.cloner.source;

import org.jspecify.annotations.NullMarked;
