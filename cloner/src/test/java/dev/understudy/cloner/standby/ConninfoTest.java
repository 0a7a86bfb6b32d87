package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.config.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConninfoTest {
  private static final Path SECRETS = Path.of("/secrets");

  @Test
  void namesWhereTheSecretsAreAndNotWhatTheyAre() {
    String text =
        text(
            "postgresql://it's:hunter2@db.example.com/shop?sslmode=verify-full"
                + "&sslrootcert=/etc/ca.crt&sslkey=/etc/me.key",
            null);

    assertThat(text)
        .contains("host='db.example.com'", "port='5432'", "user='it\\'s'")
        .contains("passfile='/secrets/passfile'", "sslrootcert='/secrets/sslrootcert'")
        .contains("sslkey='/secrets/sslkey'", "sslmode='verify-full'", "gssencmode='disable'")
        .doesNotContain("hunter2", "/etc/");
  }

  @Test
  void certificatesOfTheSystemStayTheSystems() {
    assertThat(text("postgresql://u@h/?sslrootcert=system", null))
        .contains("sslrootcert='system'")
        .doesNotContain("passfile");
  }

  /** Keepalives alone say nothing of a peer that has vanished while something is sent to it. */
  @Test
  void aPeerThatHasVanishedIsNoticedWithinAMinute() {
    assertThat(text("postgresql://u@h/", null))
        .contains("keepalives_idle='30'", "keepalives_interval='10'", "keepalives_count='3'")
        .contains("tcp_user_timeout='60000'");
  }

  @Test
  void socketIsWhereItIsShown() {
    assertThat(text("postgresql://u@/?host=/var/run/postgresql&port=5433", Path.of("/production")))
        .contains("host='/production'", "port='5433'");
  }

  private static String text(String url, @org.jspecify.annotations.Nullable Path socket) {
    ConnectionUrl parsed = ConnectionUrl.parse(new Secret(url));
    return Conninfo.of(parsed, String.valueOf(parsed.user()), SECRETS, socket).text();
  }
}
