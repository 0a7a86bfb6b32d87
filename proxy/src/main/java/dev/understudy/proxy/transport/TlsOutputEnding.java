package dev.understudy.proxy.transport;

/** A user event: our side of TLS is about to end, and what the client still sends is heard. */
public enum TlsOutputEnding {
  INSTANCE
}
