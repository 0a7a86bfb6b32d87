package dev.understudy.cloner.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.understudy.config.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host without groups; that they work where there are some is shown elsewhere. */
class GroupsWhenNeededTest {
  @TempDir Path host;

  @Test
  void whereThereAreNoneThatIsSaidAndNothingIsLimited() throws Exception {
    Path root = Files.createDirectory(host.resolve("cgroup"));
    Path process = Files.createDirectory(host.resolve("self"));
    GroupsWhenNeeded groups =
        new GroupsWhenNeeded(new ControlGroupProbe(root, process, Path.of("/d")));

    assertThatIOException()
        .isThrownBy(groups::need)
        .withMessage("the kernel offers no control groups for memory");

    groups.place("c", Resources.UNLIMITED, 42);
    groups.remove("c");
    try (var files = Files.list(root)) {
      assertThat(files.toList()).isEqualTo(List.of());
    }
  }
}
