/** The HTTP API as the command line asks it, and how answers are shown to people. */
@NullMarked
package dev.understudy.server.client;

import org.jspecify.annotations.NullMarked;
