/** Environments and the trash, over HTTP. */
@NullMarked
package dev.understudy.server.http.environment;

import org.jspecify.annotations.NullMarked;
