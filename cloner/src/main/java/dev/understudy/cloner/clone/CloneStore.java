package dev.understudy.cloner.clone;

import dev.understudy.cloner.state.JsonFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clones' directories and the records in them. */
final class CloneStore {
  static final String FILE = "clone.json";
  static final String ROLES = "roles.json";

  private static final Logger LOG = LoggerFactory.getLogger(CloneStore.class);
  private static final int ID_LENGTH = 10;
  private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final CloneHost host;
  private final SecureRandom random = new SecureRandom();

  CloneStore(CloneHost host) {
    this.host = host;
  }

  /** A new directory with the record in it. */
  Clone add(Origin origin, boolean durable) throws IOException {
    String id = newDirectory();
    Clone clone =
        clone(CloneRecord.creating(id, origin, durable, host.bootId(), host.clock().instant()));
    try {
      clone.record(clone.record());
      return clone;
    } catch (IOException e) {
      Files.deleteIfExists(clone.directory());
      throw e;
    }
  }

  /** The clone in a directory, whose record exists. */
  Clone read(Path directory) throws IOException {
    CloneRecord record = new JsonFile<>(directory.resolve(FILE), CloneRecord.class).read();
    if (!record.id().equals(String.valueOf(directory.getFileName()))) {
      throw new IOException(directory.resolve(FILE) + " is the record of clone " + record.id());
    }
    Clone clone = clone(record);
    try {
      clone.recallRoles();
    } catch (IOException e) {
      LOG.warn(
          "{}. Until its server is asked again, passwords that were set in {} do not count",
          e.getMessage(),
          clone);
    }
    return clone;
  }

  private Clone clone(CloneRecord record) {
    return new Clone(host.clones().resolve(record.id()), host.run().resolve(record.id()), record);
  }

  private String newDirectory() throws IOException {
    while (true) {
      String id = newId();
      try {
        Files.createDirectory(host.clones().resolve(id), PRIVATE);
        return id;
      } catch (FileAlreadyExistsException e) {
        // Taken: one chance in 3 * 10^15 per clone. Draw again.
      }
    }
  }

  private String newId() {
    return random
        .ints(ID_LENGTH, 0, ID_ALPHABET.length())
        .mapToObj(index -> ID_ALPHABET.substring(index, index + 1))
        .reduce("", String::concat);
  }
}
