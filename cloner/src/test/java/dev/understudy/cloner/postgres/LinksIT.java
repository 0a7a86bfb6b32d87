package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No copied data is made ready for a start that would lead a server out of it. */
class LinksIT {
  @TempDir Path parent;
  private final ServerConfiguration configuration = new ServerConfiguration(false, Map.of());

  @BeforeEach
  void letClonesIn() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void areRefused() throws Exception {
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), "none")) {
      Path data = workbench.data("a", configuration);
      Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
      Files.createDirectory(data.resolve("pg_tblspc/16384"));
      for (String name :
          new String[] {"pg_tblspc/16385", "pg_tblspc/16384/PG_18_1", "pg_wal/0", "pg_xact2"}) {
        Path link = Files.createSymbolicLink(data.resolve(name), elsewhere);
        assertThatThrownBy(() -> workbench.servers().configure(data, configuration))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(name + " is a symbolic link");
        Files.delete(link);
      }
      workbench.servers().configure(data, configuration);
    }
  }

  /** What runs as the clone's superuser can put anything there. */
  @Test
  @Timeout(60)
  void noLinkAndNoPipeIsReadInPlaceOfTheVersion() throws Exception {
    try (Workbench workbench = Workbench.make(parent, Workbench.embedded(), "none")) {
      Path data = workbench.data("a", configuration);
      Path version = data.resolve("PG_VERSION");
      Path elsewhere = Files.move(version, parent.resolve("version"));

      Files.createSymbolicLink(version, elsewhere);
      assertThatThrownBy(() -> workbench.servers().reconfigure(data, configuration))
          .isInstanceOf(IOException.class);
      Files.delete(version);

      assertThat(ShortCommand.run(List.of("mkfifo", version.toString())).status()).isZero();
      assertThatThrownBy(() -> workbench.servers().reconfigure(data, configuration))
          .isInstanceOf(IOException.class);
      Files.delete(version);

      Files.move(elsewhere, version);
      workbench.servers().reconfigure(data, configuration);
    }
  }
}
