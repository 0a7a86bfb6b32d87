/** Names that point at clones, and how long they live. */
@NullMarked
package dev.understudy.cloner.environment;

import org.jspecify.annotations.NullMarked;
