/** A production server that is reached by its URL. */
@NullMarked
package dev.understudy.cloner.production;

import org.jspecify.annotations.NullMarked;
