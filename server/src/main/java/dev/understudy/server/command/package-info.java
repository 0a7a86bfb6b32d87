/** The command line. */
@NullMarked
package dev.understudy.server.command;

import org.jspecify.annotations.NullMarked;
