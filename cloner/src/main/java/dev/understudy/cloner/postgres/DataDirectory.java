package dev.understudy.cloner.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.TreeSize;
import dev.understudy.cloner.tree.UntrustedFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A data directory of ours, on which no server has run that anybody got into, or that runs no more.
 * Links in it are never followed.
 */
record DataDirectory(Path path, Account account) {
  private static final int VERSION_LENGTH = 16;

  /** What a server of before leaves behind and a next one must not meet. */
  private static final List<String> LEFT_BEHIND =
      List.of("postmaster.pid", "postmaster.opts", "current_logfiles", "postgresql.auto.conf.tmp");

  /** The oid, and the version of PostgreSQL: below a tablespace's, databases are as elsewhere. */
  private static final Map<String, Integer> LEVELS_WITHOUT_LINKS =
      Map.of("pg_wal", 1, "pg_tblspc", 2);

  int major() throws IOException {
    String version =
        new String(UntrustedFile.read(path.resolve("PG_VERSION"), VERSION_LENGTH), UTF_8).strip();
    if (!version.matches("[0-9]{1,4}")) {
      throw new IOException(path + " is not a data directory of PostgreSQL 10 or later");
    }
    return Integer.parseInt(version);
  }

  void removeLeftBehind() throws IOException {
    for (String name : LEFT_BEHIND) {
      Files.deleteIfExists(path.resolve(name));
    }
    // A slot of production's would keep WAL in every clone.
    Path slots = path.resolve("pg_replslot");
    if (Files.isDirectory(slots, NOFOLLOW_LINKS)) {
      deleteEntries(slots);
    }
  }

  /**
   * Makes sure that a server is not led out of the tree by what was copied: where files lie that it
   * opens by name, which are the top, WAL and tablespaces, there is no link.
   *
   * @throws IOException naming it
   */
  void refuseLinks() throws IOException {
    try (Directory root = Directory.open(path)) {
      refuseLinks(root, 1);
      for (Map.Entry<String, Integer> levels : LEVELS_WITHOUT_LINKS.entrySet()) {
        if (Files.isDirectory(path.resolve(levels.getKey()), NOFOLLOW_LINKS)) {
          try (Directory directory = root.directory(levels.getKey())) {
            refuseLinks(directory, levels.getValue());
          }
        }
      }
    }
  }

  private static void refuseLinks(Directory directory, int levels) throws IOException {
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        FileStatus status = directory.status(name);
        TreeSize.refuseOthers(directory, name, status, 0);
        if (levels > 1 && status.kind() == Kind.DIRECTORY) {
          try (Directory child = directory.directory(name)) {
            refuseLinks(child, levels - 1);
          }
        }
      }
    }
  }

  /** Replaces the file, or a link in its place, as a whole. */
  void write(String name, String text) throws IOException {
    Path fresh = path.resolve(name + ".understudy");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    own(fresh);
    Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives everything in it to the account. The directory itself comes last, and one that belongs to
   * the account already is not walked: so this costs nothing for a copy of a tree that was given
   * before, and an interrupted walk begins again.
   */
  void give() throws IOException {
    if (!Accounts.isRoot() || owner(path) == account.uid()) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            own(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            own(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void own(Path file) throws IOException {
    if (Accounts.isRoot()) {
      Files.setAttribute(file, "unix:uid", account.uid(), NOFOLLOW_LINKS);
      Files.setAttribute(file, "unix:gid", account.gid(), NOFOLLOW_LINKS);
    }
  }

  private static int owner(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:uid", NOFOLLOW_LINKS);
  }

  private static void deleteEntries(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, NOFOLLOW_LINKS)) {
          deleteEntries(entry);
        }
        Files.delete(entry);
      }
    }
  }
}
