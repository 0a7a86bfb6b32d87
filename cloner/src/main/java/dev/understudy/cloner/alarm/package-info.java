/** Calls at a time to come. */
@NullMarked
package dev.understudy.cloner.alarm;

import org.jspecify.annotations.NullMarked;
