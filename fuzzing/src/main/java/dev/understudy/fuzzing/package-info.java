/** What the fuzz tests of all rooms share. */
@NullMarked
package dev.understudy.fuzzing;

import org.jspecify.annotations.NullMarked;
