/** Connection strings for the tools of developers, written from the settings alone. */
@NullMarked
package dev.understudy.server.url;

import org.jspecify.annotations.NullMarked;
