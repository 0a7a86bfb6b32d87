/** What a client is told before its connection ends. */
@NullMarked
package dev.understudy.proxy.refuse;

import org.jspecify.annotations.NullMarked;
