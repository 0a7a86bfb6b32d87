package dev.understudy.cloner.standby;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the replica of one source lies: {@code replicas/SOURCE/} with the record, and a directory
 * for each copy, one of which is the replica. Sockets have a short path of their own.
 *
 * @param directory of the source
 * @param sockets of all sources' replicas
 */
record ReplicaPlace(Path directory, Path sockets) {
  /** Of the daemon's data directory, for replicas and for their servers' sockets. */
  static final String REPLICAS = "replicas";

  static final String SOCKETS = "follow";

  private static final String GENERATION = "g[a-z0-9]{8}";
  private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  static ReplicaPlace of(Path dataDirectory, String source) {
    return new ReplicaPlace(
        dataDirectory.resolve(REPLICAS).resolve(source), dataDirectory.resolve(SOCKETS));
  }

  void make() throws IOException {
    makePrivate(requireNonNull(directory.getParent(), "directory is below another"));
    makePrivate(directory);
    makePrivate(sockets);
  }

  JsonFile<ReplicaRecord> record() {
    return new JsonFile<>(directory.resolve("replica.json"), ReplicaRecord.class);
  }

  JsonFile<SlotRecord> slot() {
    return new JsonFile<>(directory.resolve("slot.json"), SlotRecord.class);
  }

  Secrets secrets() {
    return new Secrets(directory.resolve("secrets"));
  }

  /** A new directory for a copy that is about to be made. */
  String newGeneration() throws IOException {
    StringBuilder name = new StringBuilder("g");
    for (int i = 0; i < 8; i++) {
      name.append(CHARACTERS.charAt(RANDOM.nextInt(CHARACTERS.length())));
    }
    makePrivate(generation(name.toString()));
    return name.toString();
  }

  Path generation(String name) {
    return directory.resolve(name);
  }

  Path data(String generation) {
    return generation(generation).resolve("data");
  }

  Path log(String generation) {
    return generation(generation).resolve("server.log");
  }

  Path socketDirectory(String generation) {
    return sockets.resolve(generation);
  }

  List<String> generations() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.matches(GENERATION)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** Removes a copy, with everything that runs on it. */
  void discard(String generation, Pool pool, Servers servers) throws IOException {
    servers.killAllBelow(generation(generation));
    pool.delete(data(generation));
    pool.delete(generation(generation));
    pool.delete(socketDirectory(generation));
  }

  private static void makePrivate(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path, asFileAttribute(fromString("rwx------")));
    }
  }
}
