package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownUrlTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "postgresql://u:s3cret@h:5432/d, postgresql://u@h:5432/d",
        "postgres://u@h/d?sslmode=require&password=s3cret, postgres://u@h/d",
        "`postgresql://h1:1,h2:2/d`, `postgresql://h1:1,h2:2/d`",
        "postgresql:///d, postgresql:///d",
        "postgresql://u:p@s3cret@h/d, ***",
        "postgresql://u:p/s3cret@h/d, ***",
        "host=h user=u password=s3cret port=1, host=h user=u port=1",
        "host = h  password = 's3 \\' cret' dbname='a b' , host=h dbname='a b'",
        "host=h passfile=/s3cret options=-cs3cret, host=h",
        "host=h password='s3cret, ***",
        "host=h s3cret, ***"
      })
  void keepsPasswordsToItself(String url, String shown) {
    assertThat(ShownUrl.of(new Secret(url))).isEqualTo(shown);
  }
}
