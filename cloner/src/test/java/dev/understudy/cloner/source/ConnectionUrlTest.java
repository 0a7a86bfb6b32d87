package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionUrlTest {
  @Test
  void readsEveryPart() {
    assertThat(parse("postgresql://me:p%40ss+word@db.example:6543/sh%6Fp?sslmode=require"))
        .isEqualTo(
            new ConnectionUrl(
                "db.example",
                6543,
                "me",
                new Secret("p@ss+word"),
                "shop",
                Map.of("sslmode", "require")));
  }

  @Test
  void everyPartIsOptional() {
    assertThat(parse("postgres://")).isEqualTo(ConnectionUrl.empty());
    assertThat(parse("postgresql:///shop").database()).isEqualTo("shop");
    assertThat(parse("postgresql://localhost:/").port()).isNull();
    assertThat(parse("postgresql://me@").user()).isEqualTo("me");
  }

  @Test
  void aHostThatBeginsWithASlashIsASocketsDirectory() {
    assertThat(parse("postgresql://%2Fvar%2Frun%2Fpostgresql:5433/shop").isUnixSocket()).isTrue();
    assertThat(parse("postgresql:///shop?host=/var/run/postgresql&port=5433"))
        .isEqualTo(new ConnectionUrl("/var/run/postgresql", 5433, null, null, "shop", Map.of()));
  }

  @Test
  void readsIpv6() {
    ConnectionUrl url = parse("postgresql://me@[2001:db8::1]:5432/shop");
    assertThat(url.host()).isEqualTo("2001:db8::1");
    assertThat(url.port()).isEqualTo(5432);
  }

  @Test
  void aPasswordMayHoldAnAt() {
    assertThat(parse("postgresql://me:a@b@host/db").password()).isEqualTo(new Secret("a@b"));
  }

  @ParameterizedTest
  @CsvSource({
    "secret, postgresql://",
    "host=h password='secret, quotation mark",
    "host=h secret user=me, '='",
    "host=h service=secret, service",
    "postgresql://a:secret@h1,several hosts",
    "postgresql://me:secret%zz@host/db, hexadecimal",
    "postgresql://me:secret@host:port/db, port",
    "postgresql://me:secret@host:99999/db, port",
    "postgresql://me:secret@host/db?service=x, service",
    "postgresql://me:secret@host/db?sslmode, '='",
    "postgresql://me:secret@[::1/db, ]"
  })
  void saysWhatIsWrongAndNeverTheSecret(String url, String expected) {
    String uri = url.equals("postgresql://a:secret@h1") ? "postgresql://a:secret@h1,h2/db" : url;
    assertThatThrownBy(() -> parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining(expected)
        .hasMessageNotContaining("secret");
  }

  @Test
  void wordsAreReadAsLibpqDoes() {
    assertThat(parse("host=/run/pg  user = me password='it\\'s p ss' port=5433 dbname="))
        .isEqualTo(
            new ConnectionUrl("/run/pg", 5433, "me", new Secret("it's p ss"), null, Map.of()));
    assertThatThrownBy(() -> parse("host=h1,h2")).hasMessageContaining("several hosts");
  }

  @Test
  void hidesItsPassword() {
    assertThat(parse("postgresql://me:secret@host/db").toString()).doesNotContain("secret");
  }

  private static ConnectionUrl parse(String url) {
    return ConnectionUrl.parse(new Secret(url));
  }
}
