package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.Bytes;
import java.util.Base64;

/**
 * The server's challenge.
 *
 * @param nonce the client's, continued by ours
 */
record ScramServerFirst(String nonce, Bytes salt, int iterations) {
  String text() {
    return "r="
        + nonce
        + ",s="
        + Base64.getEncoder().encodeToString(salt.toArray())
        + ",i="
        + iterations;
  }
}
