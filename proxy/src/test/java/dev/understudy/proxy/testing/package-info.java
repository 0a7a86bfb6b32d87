/** What the tests of the proxy are built from. */
@NullMarked
package dev.understudy.proxy.testing;

import org.jspecify.annotations.NullMarked;
