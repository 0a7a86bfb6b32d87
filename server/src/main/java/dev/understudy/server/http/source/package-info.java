/** Sources and snapshots, over HTTP. */
@NullMarked
package dev.understudy.server.http.source;

import org.jspecify.annotations.NullMarked;
