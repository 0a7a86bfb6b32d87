/** The daemon and its command line. */
@NullMarked
package dev.understudy.server;

import org.jspecify.annotations.NullMarked;
