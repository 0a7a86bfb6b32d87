package dev.understudy.cloner.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyPoolTest {
  @TempDir Path directory;
  private Pool pool;
  private Path tree;
  private Path target;

  @BeforeEach
  void makeTree() throws IOException {
    pool = new CopyPool(directory);
    tree = directory.resolve("tree");
    target = directory.resolve("target");
    pool.create(tree);
  }

  @Test
  void copiesEverythingAsItIs() throws IOException {
    SampleTree.fill(tree, 50);
    pool.seal(tree);
    pool.copy(tree, target);
    SampleTree.assertSame(tree, target);
    assertThat(TreeSize.measure(target)).isEqualTo(TreeSize.measure(tree));
    assertThat(TreeSize.measure(target).files()).isEqualTo(51);
  }

  @Test
  void aSealedTreeIsNotWritableAndItsCopyIs() throws IOException {
    SampleTree.fill(tree, 3);
    pool.seal(tree);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree)))
        .isEqualTo("r-xr-x---");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("base/0/1"))))
        .isEqualTo("r--r-----");
    pool.copy(tree, target);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwxr-x---");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(target.resolve("base/0/1"))))
        .isEqualTo("rw-r-----");
    pool.delete(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void deletesWhatIsNotThere() throws IOException {
    pool.delete(directory.resolve("nothing"));
    pool.delete(directory.resolve("no parent/nothing"));
  }

  @Test
  void refusesToCopyOverSomething() throws IOException {
    Files.writeString(tree.resolve("file"), "x");
    Files.createDirectory(target);
    assertThatThrownBy(() -> pool.copy(tree, target))
        .isInstanceOfSatisfying(
            SystemCallException.class,
            e -> assertThat(e.errno()).isEqualTo(SystemCallException.EEXIST));
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void neverCopiesALink() throws IOException {
    Files.createSymbolicLink(tree.resolve("passwd"), Path.of("/etc/passwd"));
    assertThatThrownBy(() -> pool.copy(tree, target))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("passwd is a symbolic link");
    assertThat(target).doesNotExist();
    assertThatThrownBy(() -> TreeSize.measure(tree)).hasMessageContaining("symbolic link");
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, tree);
    assertThatThrownBy(() -> pool.copy(link, target)).isInstanceOf(SystemCallException.class);
  }

  @Test
  void neverOpensAPipeOrASocket() throws Exception {
    Path pipe = tree.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> pool.copy(tree, target)).hasMessageContaining("pipe or device");
    pool.delete(tree);
    pool.create(tree);
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(tree.resolve("socket")));
      assertThatThrownBy(() -> pool.copy(tree, target)).hasMessageContaining("socket");
    }
    pool.delete(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void deletesLinksButNotWhatTheyPointTo() throws IOException {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "keep me");
    Files.createSymbolicLink(tree.resolve("link"), precious);
    Files.createSymbolicLink(tree.resolve("file"), precious.resolve("file"));
    Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
    pool.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("keep me");
    Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
    pool.delete(link);
    assertThat(link).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("keep me");
  }

  @Test
  void deletesDirectoriesWithoutAnyPermission() throws IOException {
    Path inner = Files.createDirectories(tree.resolve("a/b"));
    Files.writeString(inner.resolve("file"), "x");
    Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(tree.resolve("a"), PosixFilePermissions.fromString("---------"));
    pool.delete(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void deletesWhatIsNestedFarBeyondTheLongestPath() throws IOException {
    Files.createDirectories(tree.resolve(".deep-0/full"));
    Files.createDirectory(tree.resolve(".deep-1"));
    Files.writeString(tree.resolve(".deep-2"), "a file");
    Directory directory = Directory.open(tree);
    for (int i = 0; i < 1000; i++) {
      try (Directory parent = directory) {
        parent.createFile("file").close();
        directory = parent.createDirectory("some long name of a directory");
      }
    }
    directory.close();
    assertThatThrownBy(() -> pool.copy(tree, target)).hasMessageContaining("nested too deeply");
    assertThat(target).doesNotExist();
    pool.delete(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void anInterruptEndsTheCopyAndLeavesNothing() throws Exception {
    SampleTree.fill(tree, 20);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread copier =
        Thread.ofVirtual()
            .unstarted(() -> {
              try {
                pool.copy(tree, target);
              } catch (IOException e) {
                failure.set(e);
              }
            });
    copier.start();
    copier.interrupt();
    copier.join();
    if (failure.get() != null) {
      assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
      assertThat(target).doesNotExist();
    } else {
      SampleTree.assertSame(tree, target);
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> pool.copy(tree, target.resolveSibling("other")))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(directory.resolve("other")).doesNotExist();
  }

  @Test
  void worksOnAVirtualThread() throws Exception {
    SampleTree.fill(tree, 5);
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            pool.copy(tree, target);
            pool.delete(directory.resolve("nothing"));
            pool.copy(tree, target);
          } catch (IOException e) {
            failure.set(e);
          }
        })
        .join();
    assertThat(failure.get())
        .isInstanceOfSatisfying(
            SystemCallException.class,
            e -> assertThat(e.errno()).isEqualTo(SystemCallException.EEXIST));
    SampleTree.assertSame(tree, target);
  }

  @Test
  void isWhatIsChosenWhereNothingIsShared() throws IOException {
    PoolChoice choice = PoolProbe.choose(directory);
    assertThat(choice.trials().getLast().works()).isTrue();
    assertThat(choice.trials().getLast().name()).isEqualTo(choice.pool().describe());
    assertThat(choice.trials()).allSatisfy(trial -> assertThat(trial.words()).isNotBlank());
    assertThat(choice.pool().freeBytes()).isPositive();
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(tree);
    }
  }
}
