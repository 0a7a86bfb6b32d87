/** What happens, as a stream of events. */
@NullMarked
package dev.understudy.server.http.event;

import org.jspecify.annotations.NullMarked;
