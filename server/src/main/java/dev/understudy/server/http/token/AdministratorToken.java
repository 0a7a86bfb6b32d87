package dev.understudy.server.http.token;

import dev.understudy.config.Secret;
import dev.understudy.server.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that is there from the first start on: the content of {@code http-token} (0600) in the
 * data directory. Who may read that directory may do everything anyway.
 */
public final class AdministratorToken {
  /** What it is called. */
  public static final String NAME = "administrator";

  private static final String FILE = "http-token";

  /** Shorter ones could be guessed from their hash, or at the door. */
  private static final int LEAST_CHARACTERS = 32;

  private static final Logger LOG = LoggerFactory.getLogger(AdministratorToken.class);

  private AdministratorToken() {}

  /** Where it is. */
  public static Path file(Path dataDirectory) {
    return dataDirectory.resolve(FILE);
  }

  /**
   * Reads it, or makes it where there is none.
   *
   * @throws IOException if it cannot be read or written, or somebody has put something else there
   */
  public static Secret ensure(Path dataDirectory) throws IOException {
    Path file = file(dataDirectory);
    try {
      String text = Files.readString(file).strip();
      if (text.length() < LEAST_CHARACTERS || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new IOException(file + " holds no token; remove it, and the next start makes one");
      }
      warnOfOthers(file);
      return new Secret(text);
    } catch (NoSuchFileException e) {
      Secret token = TokenText.random();
      WholeFile.write(file, token.value() + "\n", "rw-------");
      LOG.info("A token for the HTTP API is in {}", file);
      return token;
    }
  }

  private static void warnOfOthers(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    permissions.removeAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    if (!permissions.isEmpty()) {
      LOG.warn("{} is open to others than its owner; chmod 600 closes it", file);
    }
  }
}
