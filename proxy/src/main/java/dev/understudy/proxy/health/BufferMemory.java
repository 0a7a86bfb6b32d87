package dev.understudy.proxy.health;

/**
 * Bytes that the pool of buffers has taken from the operating system, and from Java's heap. It
 * keeps what it has taken once.
 */
public record BufferMemory(long direct, long heap) {}
