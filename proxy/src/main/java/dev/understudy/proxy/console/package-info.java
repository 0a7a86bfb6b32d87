/** The virtual database {@code understudy}: the protocol of a server that runs no SQL. */
@NullMarked
package dev.understudy.proxy.console;

import org.jspecify.annotations.NullMarked;
