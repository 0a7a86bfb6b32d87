package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTest {
  @Test
  void readsALine() {
    assertThat(
            Mount.parse(
                "36 35 98:0 /with\\040space\\134 /mnt\\011x rw,noatime master:1 - ext3 /dev/root"
                    + " rw"))
        .isEqualTo(
            new Mount("98:0", Path.of("/with space\\"), Path.of("/mnt\tx"), "ext3", "/dev/root"));
  }

  @Test
  void locatesADirectoryOnItsFileSystem(@TempDir Path directory) throws Exception {
    Path below = Files.createDirectory(directory.resolve("below"));
    Mount here = Mount.locate(below);
    Mount above = Mount.locate(directory);

    assertThat(here.device()).isEqualTo(above.device());
    assertThat(here.root()).isEqualTo(above.root().resolve("below"));
    assertThat(Mount.locate(Path.of("/proc/self")).device()).isNotEqualTo(here.device());
  }
}
