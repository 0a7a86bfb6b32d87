/** From startup parameters to an environment name: pure functions, no I/O. */
@NullMarked
package dev.understudy.proxy.route;

import org.jspecify.annotations.NullMarked;
