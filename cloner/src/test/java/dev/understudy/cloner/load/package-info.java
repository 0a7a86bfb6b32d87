/** Productions that work all the while they are mirrored. */
@NullMarked
package dev.understudy.cloner.load;

import org.jspecify.annotations.NullMarked;
