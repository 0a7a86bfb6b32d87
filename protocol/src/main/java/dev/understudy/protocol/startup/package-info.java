/** The packets that open a connection: they carry no type, only a length and a request code. */
@NullMarked
package dev.understudy.protocol.startup;

import org.jspecify.annotations.NullMarked;
