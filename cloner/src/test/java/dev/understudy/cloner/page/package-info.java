/** The documentation's examples, for tests that run them. */
@NullMarked
package dev.understudy.cloner.page;

import org.jspecify.annotations.NullMarked;
