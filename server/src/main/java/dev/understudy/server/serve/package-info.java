/** Wires the proxy to the cloner. */
@NullMarked
package dev.understudy.server.serve;

import org.jspecify.annotations.NullMarked;
