package dev.understudy.cloner.postgres;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a server's unix socket is. The server writes in a directory {@code s} of its own below;
 * what we and our clients connect to is a second name of that socket, beside it, where the server
 * cannot reach. Otherwise a superuser of a clone could put a link to production's socket in its
 * place, and we would connect to production for them.
 */
record SocketDirectory(Path path, Account account) {
  private static final String NAME = ".s.PGSQL.5432";

  /** The directory that the server writes to. */
  Path inner() {
    return path.resolve("s");
  }

  Path socket() {
    return path.resolve(NAME);
  }

  /** Makes both directories anew; no server of ours may run. */
  void make() throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    if (!Files.isDirectory(path, NOFOLLOW_LINKS)) {
      Files.createDirectory(path, asFileAttribute(fromString("rwx------")));
    }
    Files.setPosixFilePermissions(path, fromString("rwx------"));
    remove();
    Files.createDirectory(inner(), asFileAttribute(fromString("rwx------")));
    if (Accounts.isRoot()) {
      Files.setAttribute(inner(), "unix:uid", account.uid(), NOFOLLOW_LINKS);
      Files.setAttribute(inner(), "unix:gid", account.gid(), NOFOLLOW_LINKS);
    }
  }

  /**
   * Gives the server's socket its second name.
   *
   * @throws IOException also if what the server has there is not a socket
   */
  void publish() throws IOException {
    Files.deleteIfExists(socket());
    // link(2) does not follow a link in the last name.
    Files.createLink(socket(), inner().resolve(NAME));
    if (!Files.readAttributes(
            socket(), java.nio.file.attribute.BasicFileAttributes.class, NOFOLLOW_LINKS)
        .isOther()) {
      Files.delete(socket());
      throw new IOException("the server's " + NAME + " is not a socket");
    }
  }

  /**
   * True if somebody listens and has room for one more. Never blocks: a superuser of the clone can
   * stop whoever listens and fill its backlog, and a connect that blocks would wait for ever.
   */
  boolean accepts() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.configureBlocking(false);
      return channel.connect(UnixDomainSocketAddress.of(socket()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Removes what is inside, of a server that has ended. */
  void remove() throws IOException {
    Files.deleteIfExists(socket());
    if (Files.isDirectory(inner(), NOFOLLOW_LINKS)) {
      deleteEntries(inner());
      Files.delete(inner());
    }
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
