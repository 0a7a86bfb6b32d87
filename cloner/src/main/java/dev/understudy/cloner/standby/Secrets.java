package dev.understudy.cloner.standby;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.source.ConnectionUrl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * The files that a standby needs to be let in by production: the password and the TLS files of the
 * URL, for the user that the standby runs as. They lie beside the data, never in it, and are shown
 * to the standby's sandbox alone.
 *
 * @param directory of nothing else
 */
record Secrets(Path directory) {
  static final String PASSWORD = "passfile";

  /** Parameters of a URL that name files. */
  static final Set<String> FILES = Set.of("sslrootcert", "sslcert", "sslkey");

  /** Writes them anew, each as a whole: a server that runs sees the old one or the new one. */
  void write(ConnectionUrl url, SandboxedServers servers) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, asFileAttribute(fromString("rwx------")));
    }
    servers.give(directory);
    if (url.password() == null) {
      Files.deleteIfExists(directory.resolve(PASSWORD));
    } else {
      String password = url.password().value().replace("\\", "\\\\").replace(":", "\\:");
      write(PASSWORD, ("*:*:*:*:" + password + "\n").getBytes(StandardCharsets.UTF_8), servers);
    }
    for (String name : FILES) {
      String file = url.parameters().get(name);
      if (file == null || file.equals("system")) {
        Files.deleteIfExists(directory.resolve(name));
      } else {
        write(name, Files.readAllBytes(Path.of(file)), servers);
      }
    }
  }

  private void write(String name, byte[] bytes, SandboxedServers servers) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, asFileAttribute(fromString("rw-------")));
    Files.write(fresh, bytes);
    servers.give(fresh);
    Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
