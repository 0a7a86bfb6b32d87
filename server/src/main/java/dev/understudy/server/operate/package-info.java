/** What people can do to environments and sources, whichever way they ask. */
@NullMarked
package dev.understudy.server.operate;

import org.jspecify.annotations.NullMarked;
