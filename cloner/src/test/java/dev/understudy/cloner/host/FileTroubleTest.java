package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

final class FileTroubleTest {
  @Test
  void whoMayNotIsToldWhoMay() {
    IOException denied = new AccessDeniedException("/var/lib/understudy/replicas");

    assertThat(FileTrouble.hint(denied)).contains("as root");
    assertThat(FileTrouble.hint(new IOException("copying", denied))).contains("as root");
    assertThat(FileTrouble.hint(new IOException("half of it")))
        .contains("file system")
        .doesNotContain("as root");
  }
}
