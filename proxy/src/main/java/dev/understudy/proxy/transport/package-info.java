/** Which sockets and event loops: epoll where the kernel has it, NIO elsewhere. */
@NullMarked
package dev.understudy.proxy.transport;

import org.jspecify.annotations.NullMarked;
