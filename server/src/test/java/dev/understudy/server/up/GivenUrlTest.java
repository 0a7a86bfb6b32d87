package dev.understudy.server.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GivenUrlTest {
  private static final String URL = "postgresql://me@prod:5433/shop";

  @TempDir Path home;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> questions = new ArrayList<>();

  private @Nullable String password(String url, Map<String, String> environment) throws Exception {
    Secret complete =
        new GivenUrl(
                environment,
                home,
                question -> {
                  questions.add(question);
                  return Optional.of(new Secret("typed & '\\+ %ü"));
                },
                warnings::add)
            .complete(new Secret(url));
    Secret password = ConnectionUrl.parse(complete).password();
    return password == null ? null : password.value();
  }

  private void passFile(String permissions, String... lines) throws Exception {
    Path file = home.resolve(".pgpass");
    Files.write(file, List.of(lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void oneInTheCommandLineIsTakenAndWarnedOf() throws Exception {
    assertThat(password("postgresql://me:secret@prod/shop", Map.of("PGPASSWORD", "other")))
        .isEqualTo("secret");
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("PGPASSWORD", "~/.pgpass")
        .doesNotContain("secret");
  }

  @Test
  void environmentComesBeforeTheFile() throws Exception {
    passFile("rw-------", "*:*:*:*:filed");
    assertThat(password(URL, Map.of("PGPASSWORD", "a b&c"))).isEqualTo("a b&c");
    assertThat(password(URL + "?sslmode=require", Map.of())).isEqualTo("filed");
    assertThat(questions).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void firstLineThatFitsCounts() throws Exception {
    passFile(
        "rw-------",
        "# prod:5433:shop:me:comment",
        "prod:5432:shop:me:port",
        "prod:5433:other:me:database",
        "prod:5433:*:you:user",
        "prod:5433:*:me:a\\:b\\\\c",
        "*:*:*:*:late");
    assertThat(password(URL, Map.of())).isEqualTo("a:b\\c");
  }

  @Test
  void socketOfTheUsualPlaceIsLocalhost() throws Exception {
    passFile("rw-------", "localhost:5432:shop:me:here");
    assertThat(password("host=/var/run/postgresql user=me dbname=shop", Map.of()))
        .isEqualTo("here");
    assertThat(password("host=/elsewhere user=me dbname=shop", Map.of())).isNull();
    assertThat(questions).isEmpty();
  }

  @Test
  void fileThatOthersMayReadIsNotTaken() throws Exception {
    passFile("rw-r-----", "*:*:*:*:filed");
    assertThat(password(URL, Map.of())).startsWith("typed");
    assertThat(warnings).singleElement().asString().contains("chmod 600");
  }

  @Test
  void whoIsThereIsAskedLast() throws Exception {
    assertThat(password(URL, Map.of())).isEqualTo("typed & '\\+ %ü");
    assertThat(password("host=prod user=me", Map.of())).isEqualTo("typed & '\\+ %ü");
    assertThat(questions.getFirst()).contains("me at prod:5433");
  }

  @Test
  void fileMayBeNamed() throws Exception {
    passFile("rw-------", "*:*:*:*:filed");
    Path other = Files.move(home.resolve(".pgpass"), home.resolve("other"));
    assertThat(password(URL, Map.of("PGPASSFILE", other.toString()))).isEqualTo("filed");
  }
}
