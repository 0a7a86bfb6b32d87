/** What keeps a copy of production from acting as production: it talks to nobody any more. */
@NullMarked
package dev.understudy.cloner.neutral;

import org.jspecify.annotations.NullMarked;
