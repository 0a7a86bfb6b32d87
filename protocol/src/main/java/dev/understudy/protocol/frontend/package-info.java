/** What a client answers to an authentication request; all of type {@code p}. */
@NullMarked
package dev.understudy.protocol.frontend;

import org.jspecify.annotations.NullMarked;
