/** Slowing down who guesses passwords. */
@NullMarked
package dev.understudy.proxy.throttle;

import org.jspecify.annotations.NullMarked;
