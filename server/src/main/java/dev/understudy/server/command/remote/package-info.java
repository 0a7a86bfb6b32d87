/** Commands that ask a running daemon, by its HTTP API. */
@NullMarked
package dev.understudy.server.command.remote;

import org.jspecify.annotations.NullMarked;
