package dev.understudy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptionSwitchesFuzzTest {
  private static final Predicate<String> OURS = name -> name.startsWith("x.");

  static Stream<byte[]> seeds() {
    return Stream.of(
            "-c x.a=1 -cb=2 --x.c=3",
            " -B 5 -c x.a=a\\ b\\\\ -s",
            "-Ec x.a=1 -f -c",
            "-- -c x.a=1",
            "-c b=c\\ -c\\ x.a=1",
            "--x.a-b\\",
            "-\t-x.a=gr\u00FCn")
        .map(options -> options.getBytes(StandardCharsets.UTF_8));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void parse(byte[] bytes) {
    String options = new String(bytes, StandardCharsets.UTF_8);
    OptionSwitches switches = OptionSwitches.parse(options, OURS);
    assertThat(switches.taken()).allMatch(setting -> OURS.test(setting.name()));

    // What is passed on holds nothing of ours any more, and else what it held before.
    OptionSwitches again = OptionSwitches.parse(switches.kept(), OURS);
    assertThat(again.taken()).isEmpty();
    assertThat(again.kept()).isEqualTo(switches.kept());
    assertThat(settings(switches.kept(), OURS.negate()))
        .isEqualTo(settings(options, OURS.negate()));

    OptionSwitches untouched = OptionSwitches.parse(options, _ -> false);
    assertThat(untouched.kept()).isEqualTo(options);
    assertThat(untouched.taken()).isEmpty();
  }

  private static Object settings(String options, Predicate<String> take) {
    return OptionSwitches.parse(options, take).taken();
  }
}
