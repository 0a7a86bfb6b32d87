/** What was used, by day. */
@NullMarked
package dev.understudy.server.http.usage;

import org.jspecify.annotations.NullMarked;
