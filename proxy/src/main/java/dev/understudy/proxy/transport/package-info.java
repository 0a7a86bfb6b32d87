/**
 * Which sockets and event loops: epoll where the kernel has it, NIO elsewhere; and what a
 * connection is told through its pipeline.
 */
@NullMarked
package dev.understudy.proxy.transport;

import org.jspecify.annotations.NullMarked;
