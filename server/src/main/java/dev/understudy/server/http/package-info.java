/** The HTTP API: what listens, who is let in, and how questions are read and answered. */
@NullMarked
package dev.understudy.server.http;

import org.jspecify.annotations.NullMarked;
