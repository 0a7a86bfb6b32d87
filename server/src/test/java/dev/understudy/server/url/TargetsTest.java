package dev.understudy.server.url;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.config.SettingsFile;
import dev.understudy.server.CommandException;
import dev.understudy.server.url.Targets.Wishes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {
  private static final String USER = "users.app.password = secret\n";
  private static final String LISTEN =
      "listen { host = db.example.com, port = 6432, tls.mode = off }\n";
  private static final String TLS =
      "listen { host = db.example.com, tls { mode = require, certificate = /a.crt, private-key ="
          + " /a.key } }\n";
  private static final String ENVIRONMENTS =
      """
      environments {
        staging { database = shop }
        "pr-*" { database = shop }
        "*-any" {}
        "wild-*" {}
        "dev-{role}" { database = shop }
      }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "url         | postgresql://app@db.example.com:6432/shop%40pr-1",
        "psql        | psql 'host=db.example.com port=6432 user=app dbname=shop@pr-1'",
        "libpq       | postgresql://app@db.example.com:6432/shop%40pr-1",
        "psycopg     | postgresql://app@db.example.com:6432/shop%40pr-1",
        "asyncpg     | postgresql://app@db.example.com:6432/shop%40pr-1",
        "sqlalchemy  | postgresql+psycopg2://app@db.example.com:6432/shop%40pr-1",
        "alembic     | postgresql+psycopg2://app@db.example.com:6432/shop%40pr-1",
        "ruby        | postgresql://app@db.example.com:6432/shop%40pr-1",
        "rails       | postgresql://app%40pr-1@db.example.com:6432/shop",
        "perl        | dbi:Pg:host=db.example.com;port=6432;dbname=shop@pr-1;user=app",
        "php         | pgsql:host=db.example.com;port=6432;dbname=shop@pr-1;user=app",
        "node        | postgresql://app@db.example.com:6432/shop%40pr-1",
        "knex        | postgresql://app@db.example.com:6432/shop%40pr-1",
        "postgres-js | postgresql://app@db.example.com:6432/shop%40pr-1",
        "prisma      | postgresql://app%40pr-1@db.example.com:6432/shop",
        "jdbc        |"
            + " jdbc:postgresql://db.example.com:6432/shop?user=app&options=-c%20understudy.environment%3Dpr-1",
        "flyway      |"
            + " jdbc:postgresql://db.example.com:6432/shop?user=app&options=-c%20understudy.environment%3Dpr-1",
        "liquibase   |"
            + " jdbc:postgresql://db.example.com:6432/shop?user=app&options=-c%20understudy.environment%3Dpr-1",
        "hibernate   |"
            + " jdbc:postgresql://db.example.com:6432/shop?user=app&options=-c%20understudy.environment%3Dpr-1",
        "r2dbc       | r2dbc:postgresql://app@db.example.com:6432/shop%40pr-1",
        "vertx       | postgresql://app@db.example.com:6432/shop%40pr-1",
      })
  void eachToolHasItsOwnForm(String tool, String expected) throws Exception {
    assertThat(write(LISTEN + USER, "pr-1", tool, Wishes.NONE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "url         | ?sslmode=require                      |"
            + " ?sslmode=verify-full&sslrootcert=/ca/root.crt",
        "psql        | sslmode=require'                      | sslmode=verify-full"
            + " sslrootcert=/ca/root.crt'",
        "perl        | ;sslmode=require                      |"
            + " ;sslmode=verify-full;sslrootcert=/ca/root.crt",
        "node        | ?sslmode=require&uselibpqcompat=true  |"
            + " ?sslmode=verify-full&sslrootcert=/ca/root.crt",
        "postgres-js | ?sslmode=require                      | ?sslmode=verify-full",
        "jdbc        | &sslmode=require                      |"
            + " &sslmode=verify-full&sslrootcert=/ca/root.crt",
        "r2dbc       | ?sslMode=require                      |"
            + " ?sslMode=verify-full&sslRootCert=/ca/root.crt",
        "vertx       | ?sslmode=require                      | ?sslmode=verify-full",
      })
  void whereThereIsTlsItIsUsed(String tool, String required, String verified) throws Exception {
    Wishes root = new Wishes(null, null, null, null, Path.of("/ca/root.crt"));

    assertThat(write(TLS + USER, "pr-1", tool, Wishes.NONE)).endsWith(required);
    assertThat(write(TLS + USER, "pr-1", tool, root)).endsWith(verified);
  }

  @Test
  void theHostNamesTheEnvironmentBelowTheDomain() throws Exception {
    String below = TLS.replace("mode = require", "mode = require, domain = db.example.com");
    Wishes root = new Wishes(null, 7000, "bob", "other", Path.of("/ca/root.crt"));

    assertThat(writeByHost(below + USER, "PR-1", Tool.URL, Wishes.NONE))
        .isEqualTo("postgresql://app@pr-1.db.example.com:6432/shop?sslmode=require");
    assertThat(writeByHost(below + USER, "pr-1", Tool.JDBC, root))
        .isEqualTo(
            "jdbc:postgresql://pr-1.db.example.com:7000/other?user=bob"
                + "&sslmode=verify-full&sslrootcert=/ca/root.crt");
    assertThat(writeByHost(below + USER, "pr-1", Tool.RAILS, root))
        .startsWith("postgresql://bob@pr-1.db.example.com:7000/other?");
  }

  @Test
  void noHostNamesAnEnvironmentWithoutADomain() {
    String below = TLS.replace("mode = require", "mode = require, domain = db.example.com");
    Wishes elsewhere = new Wishes("proxy.example.com", null, null, null, null);

    for (String settings : List.of(LISTEN, TLS)) {
      assertThatExceptionOfType(CommandException.class)
          .isThrownBy(() -> writeByHost(settings + USER, "pr-1", Tool.URL, Wishes.NONE))
          .withMessage("no host name names environment \"pr-1\"")
          .satisfies(e -> assertThat(e.hint()).contains("listen.tls.domain"));
    }
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> writeByHost(below + USER, "pr-a_b", Tool.URL, Wishes.NONE))
        .satisfies(e -> assertThat(e.hint()).contains("no _"));
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> writeByHost(below + USER, "pr-1", Tool.URL, elsewhere))
        .withMessageContaining("\"proxy.example.com\"")
        .satisfies(e -> assertThat(e.hint()).contains("--host"));
  }

  @Test
  void djangoGetsAPieceOfItsSettings() throws Exception {
    Wishes root = new Wishes(null, null, null, null, Path.of("/ca/root.crt"));

    assertThat(write(TLS + USER, "pr-1", "django", root))
        .isEqualTo(
            """
            DATABASES = {"default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": "db.example.com",
                "PORT": 6432,
                "USER": "app@pr-1",
                "NAME": "shop",
                "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/ca/root.crt"},
            }}\
            """);
    assertThat(write(LISTEN + USER, "pr-1", "django", Wishes.NONE)).doesNotContain("OPTIONS");
  }

  @Test
  void namesAreFolded() throws Exception {
    assertThat(write(LISTEN + USER, "PR-1", "url", Wishes.NONE)).endsWith("/shop%40pr-1");
  }

  @Test
  void whoAsksKnowsBetter() throws Exception {
    Wishes wishes = new Wishes("::1", 7000, "o'neill\\", "my db", null);

    assertThat(write(LISTEN + USER, "pr-1", "url", wishes))
        .isEqualTo("postgresql://o%27neill%5C@[::1]:7000/my%20db%40pr-1");
    assertThat(write(LISTEN + USER, "pr-1", "psql", wishes))
        .isEqualTo(
            "psql 'host=::1 port=7000 user='\\''o\\'\\''neill\\\\'\\'' dbname='\\''my"
                + " db@pr-1'\\'''");
    assertThat(write(LISTEN + USER, "pr-1", "jdbc", wishes))
        .startsWith("jdbc:postgresql://[::1]:7000/my%20db?user=o%27neill%5C&options=");
  }

  @Test
  void severalUsersLeaveAPlaceholder() throws Exception {
    String users = USER + "users.bob.password = secret\n";

    assertThat(write(LISTEN + users, "pr-1", "url", Wishes.NONE)).startsWith("postgresql://USER@");
    assertThat(write(LISTEN, "pr-1", "url", Wishes.NONE)).startsWith("postgresql://USER@");
  }

  @Test
  void aPersonalEnvironmentIsForItsOwner() throws Exception {
    String users = USER + "users.\"Ann Lee\".password = secret\n";
    Wishes bob = new Wishes(null, null, "Bob", null, null);

    assertThat(write(LISTEN + users, "dev-ann-lee", "url", Wishes.NONE))
        .startsWith("postgresql://Ann%20Lee@");
    assertThat(write(LISTEN + users, "dev-bob", "url", bob)).startsWith("postgresql://Bob@");
    assertThat(write(LISTEN + users, "dev-eve", "url", Wishes.NONE))
        .startsWith("postgresql://eve@");
    assertRefused("dev-app", "url", bob, "named after", "Use \"dev-bob\".");
  }

  @Test
  void withoutADatabaseTheNameStandsAloneWhereItCan() throws Exception {
    Wishes shop = new Wishes(null, null, null, "shop", null);

    assertThat(write(LISTEN + USER, "wild-1", "url", Wishes.NONE)).endsWith("/wild-1");
    assertThat(write(LISTEN + USER, "wild-1", "rails", shop)).endsWith("/shop");
    assertThat(write(LISTEN + USER, "x-any", "url", shop)).endsWith("/shop%40x-any");
    assertRefused("x-any", "url", Wishes.NONE, "name no database", "Give --database");
    assertRefused("wild-1", "rails", Wishes.NONE, "name no database", "Give --database");
  }

  @Test
  void refusalsSayWhatToDo() {
    assertRefused("Pr 1", "url", Wishes.NONE, "invalid environment name", "Use \"pr-1\".");
    assertRefused("--", "url", Wishes.NONE, "invalid environment name", "such as \"pr-42\"");
    assertRefused(
        "qa",
        "url",
        Wishes.NONE,
        "no pattern of the settings fits environment \"qa\"",
        "\"staging\", \"pr-*\", \"*-any\", \"wild-*\", \"dev-{role}\"");
    assertRefused(
        "pr-1",
        "url",
        new Wishes(null, null, null, null, Path.of("/ca/root.crt")),
        "no TLS",
        "listen.tls");
    assertRefused(
        "pr-1", "url", new Wishes(null, 0, null, null, null), "any free port", "Give --port");
  }

  @Test
  void everyAddressIsNoAddressToConnectTo() throws Exception {
    String everywhere = "listen { host = \"0.0.0.0\", port = 6432, tls.mode = off }\n";

    assertThat(write(everywhere + USER, "pr-1", "url", Wishes.NONE))
        .doesNotContain("0.0.0.0")
        .endsWith(":6432/shop%40pr-1");
  }

  private void assertRefused(String name, String tool, Wishes wishes, String message, String hint) {
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> write(LISTEN + USER, name, tool, wishes))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.hint()).contains(hint));
  }

  private String write(String settings, String name, String tool, Wishes wishes) throws Exception {
    Tool chosen =
        Arrays.stream(Tool.values())
            .filter(candidate -> candidate.toString().equals(tool))
            .findFirst()
            .orElseThrow();
    return targets(settings, wishes).write(name, chosen);
  }

  private String writeByHost(String settings, String name, Tool tool, Wishes wishes)
      throws Exception {
    return targets(settings, wishes).writeByHost(name, tool);
  }

  private Targets targets(String settings, Wishes wishes) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("understudy.conf"),
            "understudy {\n%ssources.prod { type = directory, directory = /srv/pg }\n%s}\n"
                .formatted(settings, ENVIRONMENTS));
    return new Targets(SettingsFile.read(file).settings(), wishes);
  }
}
