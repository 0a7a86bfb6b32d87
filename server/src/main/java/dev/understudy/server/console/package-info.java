/** The commands of the console: their grammar, and what they show. */
@NullMarked
package dev.understudy.server.console;

import org.jspecify.annotations.NullMarked;
