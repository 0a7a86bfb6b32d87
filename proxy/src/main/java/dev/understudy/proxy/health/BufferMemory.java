package dev.understudy.proxy.health;

/**
 * Bytes of the pool of buffers, of memory outside of Java's heap and of the heap.
 *
 * @param direct that it has taken from the operating system; it keeps what it has taken once
 * @param directInUse that buffers hold right now; the rest waits to be used again
 */
public record BufferMemory(long direct, long directInUse, long heap, long heapInUse) {}
