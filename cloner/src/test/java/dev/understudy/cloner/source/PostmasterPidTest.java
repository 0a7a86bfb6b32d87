package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostmasterPidTest {
  @Test
  void readsWhatAServerWrites() throws IOException {
    assertThat(
            PostmasterPid.parse(
                "4711\n/var/lib/data\n1700000000\n5433\n/run/pg\nlocalhost\n  1 2\nready   \n"))
        .isEqualTo(new PostmasterPid(4711, 1_700_000_000, 5433, "/run/pg", "ready"));
  }

  @Test
  void aServerMayHaveNoSocket() throws IOException {
    assertThat(PostmasterPid.parse("1\n/d\n1\n5432\n\n*\n1\nready\n").socketDirectory()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4711\n",
        "x\n/d\n1\n5432\n/s\n*\n1\nready\n",
        "1\n/d\n1\ny\n\n*\n1\nready\n",
        "1\n/d\nnow\n5432\n/s\n*\n1\nready\n"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> PostmasterPid.parse(text)).isInstanceOf(IOException.class);
  }
}
