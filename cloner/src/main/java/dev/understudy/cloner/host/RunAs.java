package dev.understudy.cloner.host;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which user of the operating system clones run as. */
public final class RunAs {
  /** The user that packages make for clones. */
  static final String USUAL = "understudy-clone";

  private static final Logger LOG = LoggerFactory.getLogger(RunAs.class);
  private static final int FIRST = 30_000;
  private static final int LAST = 59_999;

  private RunAs() {}

  /**
   * The current user for an ordinary one. For root: the user or uid of the setting, else {@code
   * understudy-clone} where it exists, else one uid that nobody has, recorded in the data
   * directory; another one as soon as somebody has it.
   *
   * @param forbidden uids that own something clones must not reach: sources and the daemon's files
   */
  public static Account resolve(
      @Nullable String setting, Path dataDirectory, Set<Integer> forbidden)
      throws IOException, InterruptedException {
    if (!Accounts.isRoot()) {
      return Accounts.current();
    }
    Account account = choose(setting, dataDirectory, forbidden);
    if (account.isRoot() || forbidden.contains(account.uid())) {
      throw new IOException(
          "clones cannot run as '%s': this user is root or owns a source's files"
              .formatted(account.name()));
    }
    return account;
  }

  private static Account choose(
      @Nullable String setting, Path dataDirectory, Set<Integer> forbidden)
      throws IOException, InterruptedException {
    if (setting == null) {
      var usual = Accounts.byName(USUAL);
      return usual.isPresent() ? usual.get() : recorded(dataDirectory.resolve("uid"), forbidden);
    }
    if (setting.matches("[0-9]{1,9}")) {
      int uid = Integer.parseInt(setting);
      return Accounts.byUid(uid).orElse(nameless(uid));
    }
    return Accounts.byName(setting)
        .orElseThrow(() -> new IOException("there is no user '%s'".formatted(setting)));
  }

  private static Account recorded(Path file, Set<Integer> forbidden)
      throws IOException, InterruptedException {
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      if (!text.matches("[0-9]{1,9}")) {
        throw new IOException(file + " does not hold a uid");
      }
      int uid = Integer.parseInt(text);
      if (isUnused(uid, forbidden)) {
        return nameless(uid);
      }
      int other = record(file, unused(forbidden));
      LOG.warn(
          "uid {}, which clones had, belongs to somebody else now: they are given to uid {} when"
              + " their servers start",
          uid,
          other);
      return nameless(other);
    }
    return nameless(record(file, unused(forbidden)));
  }

  /** On disk when this returns: after a power cut nobody else's files may seem to be clones'. */
  private static int record(Path file, int uid) throws IOException {
    Path whole = file.resolveSibling("uid.new");
    Files.deleteIfExists(whole);
    try (FileChannel channel =
        FileChannel.open(
            whole, Set.of(CREATE_NEW, WRITE), asFileAttribute(fromString("rw-------")))) {
      ByteBuffer bytes = ByteBuffer.wrap((uid + "\n").getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory =
        FileChannel.open(requireNonNull(file.getParent(), "a file has a parent"), READ)) {
      directory.force(true);
    }
    return uid;
  }

  private static int unused(Set<Integer> forbidden) throws IOException, InterruptedException {
    while (true) {
      int uid = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isUnused(uid, forbidden)) {
        return uid;
      }
    }
  }

  private static boolean isUnused(int uid, Set<Integer> forbidden)
      throws IOException, InterruptedException {
    return !forbidden.contains(uid) && Accounts.byUid(uid).isEmpty() && !Accounts.groupExists(uid);
  }

  private static Account nameless(int uid) {
    return new Account("uid" + uid, uid, uid);
  }
}
