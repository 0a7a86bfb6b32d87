package dev.understudy.server.http.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministratorTokenTest {
  @TempDir Path directory;

  @Test
  void isMadeOnceForItsOwnerAlone() throws Exception {
    Secret first = AdministratorToken.ensure(directory);

    Path file = AdministratorToken.file(directory);
    assertThat(Files.readString(file)).isEqualTo(first.value() + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(AdministratorToken.ensure(directory)).isEqualTo(first);
    assertThat(first.toString()).doesNotContain("understudy_");
  }

  @Test
  void isNotTakenFromWhatHoldsNone() throws Exception {
    Files.writeString(AdministratorToken.file(directory), "short\n");

    assertThatThrownBy(() -> AdministratorToken.ensure(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no token")
        .hasMessageNotContaining("short");
  }
}
