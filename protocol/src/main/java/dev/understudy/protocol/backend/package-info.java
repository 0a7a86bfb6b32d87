/** What a server sends between the startup message and its first ReadyForQuery. */
@NullMarked
package dev.understudy.protocol.backend;

import org.jspecify.annotations.NullMarked;
