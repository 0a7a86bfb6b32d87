package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.FuzzTarget;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All fuzz tests as one, for the short while that a build has: Jazzer fuzzes one in a JVM, and
 * starting so many takes longer than that. The first byte of an input says whose the rest is.
 *
 * <p>No name of a test: those that it stands for are run without Jazzer's guidance anyway.
 */
class EveryDecoder {
  private static final List<FuzzTarget> TARGETS = FuzzTarget.all();
  private static final int[] EXECUTIONS = new int[TARGETS.size()];

  @BeforeAll
  static void open(@TempDir Path directory) throws Exception {
    // Those of protocol as well.
    assertThat(TARGETS)
        .extracting(FuzzTarget::toString)
        .contains("FrameFuzzTest", "RouterFuzzTest");
    for (FuzzTarget target : TARGETS) {
      target.open(directory);
    }
  }

  /** How often is for who reads it: a machine that is busy does not come far. */
  @AfterAll
  static void everyDecoderWasRun() {
    for (int n = 0; n < EXECUTIONS.length; n++) {
      System.out.println(TARGETS.get(n) + ": " + EXECUTIONS[n] + " executions");
      assertThat(EXECUTIONS[n]).isGreaterThanOrEqualTo((int) TARGETS.get(n).seeds().count());
    }
  }

  static Stream<byte[]> seeds() {
    return IntStream.range(0, TARGETS.size())
        .boxed()
        .flatMap(n -> TARGETS.get(n).seeds().map(seed -> of(n, seed)));
  }

  private static byte[] of(int target, byte[] rest) {
    byte[] input = new byte[1 + rest.length];
    input[0] = (byte) target;
    System.arraycopy(rest, 0, input, 1, rest.length);
    return input;
  }

  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int target = Byte.toUnsignedInt(input[0]) % TARGETS.size();
    EXECUTIONS[target]++;
    TARGETS.get(target).run(Arrays.copyOfRange(input, 1, input.length));
  }
}
