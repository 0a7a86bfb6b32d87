package dev.understudy.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.route.OptionSwitches.Setting;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionSwitchesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          -c x.a=1|1|''
          -cx.a=1|1|''
          --x.a=1|1|''
          -c   x.a=1|1|''
          -c x.a=1 -c b=2|1|'-c b=2'
          -c b=2 -c x.a=1|1|'-c b=2 '
          -c b=2 -c x.a=1 --c=3|1|'-c b=2 --c=3'
           -B 5 -c x.a=1|1|' -B 5 '
          -f -c x.a=1|-|'-f -c x.a=1'
          -Ec x.a=1 -s|1|'-E -s'
          -c x.a=a\\ b|a b|''
          -c x.a=a\\\\b|a\\b|''
          -c b=c\\ -c\\ x.a=1|-|'-c b=c\\ -c\\ x.a=1'
          -c x.a=1=2|1=2|''
          -- -c x.a=1|-|'-- -c x.a=1'
          word -c x.a=1|-|'word -c x.a=1'
          -z -c x.a=1|-|'-z -c x.a=1'
          -c|-|'-c'
          - -c x.a=1|-|'- -c x.a=1'
          -c y.a=1|-|'-c y.a=1'
          """)
  void takesWhatIsAskedForAndKeepsTheRest(String options, String value, String kept) {
    OptionSwitches switches = OptionSwitches.parse(options, name -> name.startsWith("x."));

    assertThat(switches.kept()).isEqualTo(kept);
    assertThat(switches.taken())
        .isEqualTo(value.equals("-") ? List.of() : List.of(new Setting("x.a", value)));
  }

  @Test
  void turnsDashesOfNamesIntoUnderscores() {
    OptionSwitches switches = OptionSwitches.parse("--a-b=c-d -c e-f=g -c h", name -> true);

    assertThat(switches.taken())
        .containsExactly(
            new Setting("a_b", "c-d"), new Setting("e_f", "g"), new Setting("h", null));
  }
}
