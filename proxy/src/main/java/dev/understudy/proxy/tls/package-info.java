/** TLS on the clients' side: certificates, and what becomes of a connection that uses them. */
@NullMarked
package dev.understudy.proxy.tls;

import org.jspecify.annotations.NullMarked;
