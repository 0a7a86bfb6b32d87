package dev.understudy.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ScratchTest {
  private static final int ROUNDS = Integer.getInteger("understudy.demo.rounds", 300);

  @Test
  void oneThatIsJustBeingMadeIsNeverTakenForAbandoned(@TempDir Path parent) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Thread sweeper =
        Thread.ofPlatform()
            .start(() -> {
              while (!ended.get()) {
                sweep(parent);
              }
            });
    try {
      for (int i = 0; i < ROUNDS; i++) {
        try (Scratch scratch = Scratch.create(parent)) {
          assertThat(scratch.directory().resolve("demo.lock")).exists();
        }
      }
    } finally {
      ended.set(true);
      sweeper.join();
    }
    assertThat(parent).isEmptyDirectory();
  }

  private static void sweep(Path parent) {
    try {
      AbandonedDemos.remove(parent);
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that cannot be looked at, where this user is not root, keeps no other one. */
  @Test
  void allThatCanBeRemovedIs(@TempDir Path parent) throws Exception {
    for (String name : new String[] {"a", "b", "c"}) {
      Path directory = Files.createDirectory(parent.resolve(Scratch.PREFIX + name));
      Path lock = Files.createFile(directory.resolve("demo.lock"));
      if (!name.equals("b")) {
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("---------"));
      }
    }

    AbandonedDemos.remove(parent);

    assertThat(parent.resolve(Scratch.PREFIX + "b")).doesNotExist();
  }

  /** Between the making of the directory and its name there is only a moment. */
  @Test
  void whatWasKilledBeforeItHadItsNameIsRemoved(@TempDir Path parent) throws Exception {
    Path locked = Files.createDirectory(parent.resolve(Scratch.UNNAMED + "a"));
    Files.createFile(locked.resolve("demo.lock"));
    Path bare = Files.createDirectory(parent.resolve(Scratch.UNNAMED + "b"));
    Path justMade = Files.createDirectory(parent.resolve(Scratch.UNNAMED + "c"));
    Path full = Files.createDirectory(parent.resolve(Scratch.UNNAMED + "d"));
    Files.createFile(full.resolve("somebody's"));
    for (Path old : List.of(locked, bare, full)) {
      Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(120)));
    }

    AbandonedDemos.remove(parent);

    assertThat(locked).doesNotExist();
    assertThat(bare).doesNotExist();
    assertThat(justMade).exists();
    assertThat(full).isNotEmptyDirectory();
  }
}
