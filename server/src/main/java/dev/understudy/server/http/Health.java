package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.operate.OperationException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What those ask who watch over the daemon, without a token: whether it lives, and is ready. */
final class Health {
  static final String ALIVE = "/healthz";
  static final String READY = "/readyz";

  private final BooleanSupplier ready;

  /**
   * @param ready whether clients should be sent here
   */
  Health(BooleanSupplier ready) {
    this.ready = requireNonNull(ready, "ready is null");
  }

  List<Route> all() {
    return List.of(
        Route.get(ALIVE, _ -> Reply.ok(Map.of("status", "alive"))), Route.get(READY, this::ready));
  }

  private Reply ready(Call call) {
    if (!ready.getAsBoolean()) {
      throw OperationException.of("57P03", "Understudy is shutting down", null, null);
    }
    return Reply.ok(Map.of("status", "ready"));
  }
}
