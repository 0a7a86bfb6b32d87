package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A tree such as a data directory, and hostile ones. */
final class SampleTree {
  static final FileTime LONG_AGO = FileTime.fromMillis(1_234_567_890_123L);

  private SampleTree() {}

  /** Fills an existing tree with so many small files, some empty, in two levels. */
  static void fill(Path tree, int files) throws IOException {
    Random random = new Random(42);
    byte[] content = new byte[8192];
    for (int i = 0; i < files; i++) {
      Path directory = tree.resolve("base").resolve("" + i / 1000);
      Files.createDirectories(directory);
      Path file = directory.resolve("" + i);
      random.nextBytes(content);
      Files.write(file, i % 5 == 0 ? new byte[0] : content);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }
    Files.writeString(tree.resolve("name with\nnewline and ünï"), "odd");
    Files.setLastModifiedTime(tree.resolve("base"), LONG_AGO);
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(tree, LONG_AGO);
  }

  static void assertSame(Path expected, Path actual) throws IOException {
    assertThat(describe(actual, true)).isEqualTo(describe(expected, true));
    try (Stream<Path> all = Files.walk(expected)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.mismatch(path, actual.resolve(expected.relativize(path))))
            .as(path.toString())
            .isEqualTo(-1);
      }
    }
  }

  /** Names, sizes, owners, times; and modes, the right of the owner to write apart. */
  static List<String> describe(Path tree, boolean times) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted().toList()) {
        var attributes =
            Files.readAttributes(
                path, java.nio.file.attribute.PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        lines.add(
            "%s %s %s %s %s %s"
                .formatted(
                    tree.relativize(path),
                    attributes.isDirectory() ? "d" : attributes.size(),
                    Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS),
                    Files.getAttribute(path, "unix:gid", LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.toString(attributes.permissions())
                        .replaceFirst("^r[w-]", "r?"),
                    times ? attributes.lastModifiedTime() : ""));
      }
    }
    return lines;
  }
}
