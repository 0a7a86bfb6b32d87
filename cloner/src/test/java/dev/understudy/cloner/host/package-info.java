/** The host, tested on this one. */
@NullMarked
package dev.understudy.cloner.host;

import org.jspecify.annotations.NullMarked;
