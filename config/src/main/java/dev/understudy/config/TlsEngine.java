package dev.understudy.config;

/** What encrypts and decrypts. */
public enum TlsEngine {
  /** BoringSSL where its library can be loaded, else the JDK's. */
  AUTO,
  JDK,
  BORINGSSL
}
