/** What holds inside, tested from inside. */
@NullMarked
package dev.understudy.cloner.sandbox;

import org.jspecify.annotations.NullMarked;
