/** A production, Understudy in front of it, and a tour. */
@NullMarked
package dev.understudy.server.demo;

import org.jspecify.annotations.NullMarked;
