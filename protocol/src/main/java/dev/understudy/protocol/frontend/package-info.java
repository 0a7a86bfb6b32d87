/** What a client sends after its startup packet. */
@NullMarked
package dev.understudy.protocol.frontend;

import org.jspecify.annotations.NullMarked;
