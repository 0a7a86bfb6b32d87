/** What the proxy asks of the rest of the daemon: the server behind a name. */
@NullMarked
package dev.understudy.proxy.environment;

import org.jspecify.annotations.NullMarked;
