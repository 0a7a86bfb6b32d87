/** From authenticated to closed: waits for the server, starts it up, relays. */
@NullMarked
package dev.understudy.proxy.session;

import org.jspecify.annotations.NullMarked;
