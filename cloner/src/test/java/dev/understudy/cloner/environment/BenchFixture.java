package dev.understudy.cloner.environment;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bench of its own for each test. */
@Timeout(60)
abstract class BenchFixture {
  Bench bench;

  @BeforeEach
  final void openBench(@TempDir Path directory) throws Exception {
    bench = new Bench(directory);
  }

  @AfterEach
  final void closeBench() {
    bench.close();
  }
}
