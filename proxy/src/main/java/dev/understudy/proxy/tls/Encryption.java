package dev.understudy.proxy.tls;

import dev.understudy.proxy.authenticate.ChannelBinding;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection inside TLS. Goes through its pipeline when the handshake has
 * succeeded, before anything that was encrypted.
 *
 * @param binding to the certificate that the client has seen; null: there is none to it
 * @param serverName that the client asked for, in lower case and without a dot at its end; whatever
 *     a client may write there; null: none
 */
public record Encryption(@Nullable ChannelBinding binding, @Nullable String serverName) {}
