package dev.understudy.cloner.host;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Decides which user of the operating system clones run as. */
public final class RunAs {
  /** The user that packages make for clones. */
  static final String USUAL = "understudy-clone";

  private static final int FIRST = 30_000;
  private static final int LAST = 59_999;

  private RunAs() {}

  /**
   * The current user for an ordinary one. For root: the user or uid of the setting, else {@code
   * understudy-clone} where it exists, else one uid that nobody has, chosen once and recorded in
   * the data directory.
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
      return nameless(Integer.parseInt(text));
    }
    int uid = unused(forbidden);
    Path whole = file.resolveSibling("uid.new");
    Files.deleteIfExists(whole);
    Files.createFile(whole, asFileAttribute(fromString("rw-------")));
    Files.writeString(whole, uid + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    return nameless(uid);
  }

  private static int unused(Set<Integer> forbidden) throws IOException, InterruptedException {
    while (true) {
      int uid = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (!forbidden.contains(uid) && Accounts.byUid(uid).isEmpty() && !Accounts.groupExists(uid)) {
        return uid;
      }
    }
  }

  private static Account nameless(int uid) {
    return new Account("uid" + uid, uid, uid);
  }
}
