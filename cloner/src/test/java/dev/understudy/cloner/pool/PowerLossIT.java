package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there after a power cut. */
@Tag("alone") // what others run, as ZFS, syncs all file systems
final class PowerLossIT {
  @ParameterizedTest
  @CsvSource({"btrfs, commit=300", "btrfs, 'commit=300,nodatacow'", "xfs, noatime"})
  void whatWasSyncedIsThere(String type, String options) throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount(type, 400, options)) {
      Path directory = fileSystem.directory();
      Pool pool = PoolProbe.choose(directory).pool();
      Path origin = directory.resolve("origin");
      Path tree = directory.resolve("tree");
      pool.create(origin);
      SampleTree.fill(origin, 100);
      pool.seal(origin);
      pool.copy(origin, tree);
      pool.sync(List.of(tree));

      change(tree, "lost");
      fileSystem.losePower();
      assertThat(tree.resolve("base/0/8")).exists();
      assertThat(Files.readAllBytes(tree.resolve("base/0/7")))
          .isEqualTo(Files.readAllBytes(origin.resolve("base/0/7")));

      change(tree, "kept");
      pool.sync(List.of(directory.resolve("gone"), tree));
      fileSystem.losePower();
      assertThat(tree.resolve("base/0/7")).hasContent("kept");
      assertThat(tree.resolve("base/new/file")).hasContent("kept");
      assertThat(tree.resolve("base/0/8")).doesNotExist();
      assertThat(tree.resolve("base/0/9")).hasContent("kept");
    }
  }

  private static void change(Path tree, String content) throws IOException {
    Files.writeString(tree.resolve("base/0/7"), content);
    Files.writeString(Files.createDirectory(tree.resolve("base/new")).resolve("file"), content);
    Files.delete(tree.resolve("base/0/8"));
    Files.writeString(tree.resolve("base/0/renamed"), content);
    Files.move(
        tree.resolve("base/0/renamed"),
        tree.resolve("base/0/9"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void whatLiesDeeperThanInADataDirectoryIsThereToo() throws IOException {
    try (LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", 400, "commit=300")) {
      Pool pool = new BtrfsPool(fileSystem.directory());
      Path tree = fileSystem.directory().resolve("tree");
      pool.create(tree);
      Path deepest = tree;
      for (int i = 0; i < 40; i++) {
        deepest = Files.createDirectory(deepest.resolve("d"));
      }
      Files.writeString(deepest.resolve("file"), "kept");

      pool.sync(List.of(tree));
      fileSystem.losePower();

      assertThat(deepest.resolve("file")).hasContent("kept");
    }
  }
}
