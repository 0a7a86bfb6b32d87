package dev.understudy.server.metrics;

import dev.understudy.proxy.ProxyServer;
import dev.understudy.proxy.health.BufferMemory;
import dev.understudy.proxy.health.EventLoopHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** How the proxy's event loops keep up, and what its buffers take. Asked at each scrape. */
final class ProxyMeters {
  private ProxyMeters() {}

  static void bind(MeterRegistry registry, ProxyServer proxy) {
    for (int loop = 0; loop < proxy.eventLoops().size(); loop++) {
      loop(
          registry,
          proxy,
          loop,
          "understudy.event.loop.delay.seconds",
          "The longest that something due had to wait for its event loop, lately",
          health -> health.delay().toNanos() / 1e9);
      loop(
          registry,
          proxy,
          loop,
          "understudy.event.loop.pending.tasks",
          "Given to an event loop by other threads, and not begun",
          EventLoopHealth::pendingTasks);
    }
    String memory = "understudy.buffer.memory.bytes";
    String taken = "Taken by the pool of buffers of connections, which keeps it";
    memory(registry, proxy, memory, taken, "direct", BufferMemory::direct);
    memory(registry, proxy, memory, taken, "heap", BufferMemory::heap);
    String used = "understudy.buffer.used.bytes";
    String inUse = "Of that, what buffers hold right now";
    memory(registry, proxy, used, inUse, "direct", BufferMemory::directInUse);
    memory(registry, proxy, used, inUse, "heap", BufferMemory::heapInUse);
  }

  private static void loop(
      MeterRegistry registry,
      ProxyServer proxy,
      int loop,
      String name,
      String description,
      ToDoubleFunction<EventLoopHealth> value) {
    Gauge.builder(name, proxy, server -> value.applyAsDouble(server.eventLoops().get(loop)))
        .description(description)
        .tag("loop", Integer.toString(loop))
        .register(registry);
  }

  private static void memory(
      MeterRegistry registry,
      ProxyServer proxy,
      String name,
      String description,
      String area,
      ToDoubleFunction<BufferMemory> bytes) {
    Gauge.builder(name, proxy, server -> bytes.applyAsDouble(server.bufferMemory()))
        .description(description)
        .tag("area", area)
        .register(registry);
  }
}
