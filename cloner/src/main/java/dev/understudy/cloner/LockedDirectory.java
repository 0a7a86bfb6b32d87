package dev.understudy.cloner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The daemon's data directory, open to nobody else: 0700, and locked against a second daemon. The
 * kernel ends the lock with the process, however it ends.
 */
final class LockedDirectory implements AutoCloseable {
  private static final String LOCK = "lock";

  /** In {@code sockaddr_un}, without the final zero. */
  private static final int MAX_SOCKET_PATH = 107;

  private static final List<String> PARTS =
      List.of("clones", "environments", "follow", "replicas", "run", "snapshots", "trash", "usage");

  /**
   * Closing any channel of the lock file would end this process's lock: so it is not even opened.
   */
  private static final Set<Path> OPEN_HERE = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;

  private LockedDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  static LockedDirectory open(Path wanted) throws ClonerException, IOException {
    requireShort(wanted);
    Path directory = make(wanted);
    if (!OPEN_HERE.add(directory)) {
      throw inUse(directory, "this process");
    }
    boolean locked = false;
    try {
      FileChannel channel = lock(directory);
      locked = true;
      for (String part : PARTS) {
        closed(directory.resolve(part));
      }
      return new LockedDirectory(directory, channel);
    } finally {
      if (!locked) {
        OPEN_HERE.remove(directory);
      }
    }
  }

  Path path() {
    return directory;
  }

  private static void requireShort(Path directory) throws ClonerException {
    Path longest = directory.resolve("run/123456789012/.s.PGSQL.5432");
    int length = longest.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH) {
      throw new ClonerException(
          "the path of the data directory %s is too long by %d bytes for unix sockets below it"
              .formatted(directory, length - MAX_SOCKET_PATH),
          "Choose a shorter data-directory.",
          null);
    }
  }

  /** Never takes over a directory that holds something else. */
  private static Path make(Path wanted) throws ClonerException, IOException {
    if (!Files.exists(wanted)) {
      Path parent = wanted.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
    } else if (!Files.isDirectory(wanted)) {
      throw new ClonerException(wanted + " is not a directory", null, null);
    } else if (!Files.exists(wanted.resolve(LOCK)) && !isEmpty(wanted)) {
      throw new ClonerException(
          wanted + " is neither empty nor a data directory of Understudy",
          "Name an empty or a new directory as data-directory.",
          null);
    }
    closed(wanted);
    return wanted.toRealPath();
  }

  private static void closed(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.allMatch(entry -> entry.endsWith("lost+found"));
    }
  }

  private static FileChannel lock(Path directory) throws ClonerException, IOException {
    Path file = directory.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean locked = false;
    try {
      if (channel.tryLock() == null) {
        throw inUse(directory, "the process " + Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)),
          0);
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static ClonerException inUse(Path directory, String by) {
    return new ClonerException(
        "the data directory %s is in use by %s".formatted(directory, by),
        "Stop that daemon, or give this one a data-directory of its own.",
        null);
  }

  @Override
  public void close() throws IOException {
    lock.close();
    OPEN_HERE.remove(directory);
  }
}
