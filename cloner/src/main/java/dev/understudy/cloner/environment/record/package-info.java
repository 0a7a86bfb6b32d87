/** What is written down of environments. */
@NullMarked
package dev.understudy.cloner.environment.record;

import org.jspecify.annotations.NullMarked;
