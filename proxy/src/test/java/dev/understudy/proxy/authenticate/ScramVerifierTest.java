package dev.understudy.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramVerifierTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void readsWhatItWrites() {
    ScramVerifier verifier =
        ScramVerifier.derive(new Secret("secret"), Bytes.of((byte) 1, (byte) 2), 77);

    assertThat(verifier.text().value()).startsWith("SCRAM-SHA-256$77:AQI=$");
    assertThat(ScramVerifier.parse(verifier.text())).isEqualTo(verifier);
  }

  @Test
  void saltsEveryPasswordAnew() {
    Secret password = new Secret("secret");

    assertThat(ScramVerifier.derive(password)).isNotEqualTo(ScramVerifier.derive(password));
  }

  @ParameterizedTest
  // A soft hyphen is mapped to nothing and leaves an empty text; U+0007 is prohibited.
  @ValueSource(strings = {"\u00AD", "a\u0007b"})
  void takesWhatCannotBePreparedAsItIs(String password) {
    Bytes salt = Bytes.utf8("0123456789abcdef");

    assertThat(ScramVerifier.derive(new Secret(password), salt, 1))
        .isNotEqualTo(ScramVerifier.derive(new Secret("ab"), salt, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SCRAM-SHA-256$",
        "SCRAM-SHA-256$4096:AQI=$%1$s",
        "SCRAM-SHA-256$0:AQI=$%1$s:%1$s",
        "SCRAM-SHA-256$-1:AQI=$%1$s:%1$s",
        "SCRAM-SHA-256$99999999999:AQI=$%1$s:%1$s",
        "SCRAM-SHA-256$4096:$%1$s:%1$s",
        "SCRAM-SHA-256$4096:!!$%1$s:%1$s",
        "SCRAM-SHA-256$4096:AQI=$AQI=:%1$s",
        "SCRAM-SHA-256$4096:AQI=$%1$s:AQI=",
        "SCRAM-SHA-256$4096:AQI=$%1$s:%1$s:",
        "SCRAM-SHA-512$4096:AQI=$%1$s:%1$s"
      })
  void refusesWhatIsMalformed(String text) {
    assertThat(ScramVerifier.parse(new Secret(text.replace("%1$s", KEY)))).isNull();
  }
}
