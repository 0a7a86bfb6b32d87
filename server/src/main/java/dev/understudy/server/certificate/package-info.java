/** A certificate that the daemon makes itself, where nobody has given it one. */
@NullMarked
package dev.understudy.server.certificate;

import org.jspecify.annotations.NullMarked;
