package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

/** What is dropped can be had back for a while. */
abstract class TrashFixture extends BenchFixture {
  static final Duration WINDOW = Duration.ofHours(24);

  @BeforeEach
  final void keepTrash() throws Exception {
    bench.undropWindow = WINDOW;
    bench.restart();
  }

  String onlyTarget() {
    return requireNonNull(bench.environments.list().getFirst().target());
  }
}
