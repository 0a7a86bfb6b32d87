/** What environments use of the host, and have used. */
@NullMarked
package dev.understudy.server.usage;

import org.jspecify.annotations.NullMarked;
