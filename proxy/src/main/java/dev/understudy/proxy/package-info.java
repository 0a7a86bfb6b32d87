/** The proxy: accepts, authenticates, routes and relays sessions. */
@NullMarked
package dev.understudy.proxy;

import org.jspecify.annotations.NullMarked;
