package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingExtensionsTest {
  @TempDir private Path root;

  @ParameterizedTest
  @CsvSource({
    "opt/postgresql@15, opt/postgresql@15/share/postgresql@15",
    "usr/lib/postgresql/15, usr/share/postgresql/15",
    "usr/local/pgsql, usr/local/pgsql/share"
  })
  void extensionsAreFoundWhereDistributionsHaveThem(String home, String share) throws Exception {
    Files.createDirectories(root.resolve(home));
    Path extensions = Files.createDirectories(root.resolve(share).resolve("extension"));
    Files.createFile(extensions.resolve("plpgsql.control"));

    assertThat(MissingExtensions.directory(new PostgresBinaries(root.resolve(home), 150_004)))
        .hasValueSatisfying(found -> assertThat(found.normalize()).isEqualTo(extensions));
  }
}
