/** Cancel requests: keys of our own, mapped to those of the servers. */
@NullMarked
package dev.understudy.proxy.cancel;

import org.jspecify.annotations.NullMarked;
