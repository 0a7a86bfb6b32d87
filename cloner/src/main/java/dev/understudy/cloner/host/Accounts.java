package dev.understudy.cloner.host;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The passwd database, whatever stands behind it on this host (files, LDAP, systemd). */
public final class Accounts {
  private Accounts() {}

  /** The user whose rights this process has now. */
  public static Account current() throws IOException, InterruptedException {
    int uid = effective(SystemCall.GETEUID);
    return byUid(uid).orElse(new Account("uid" + uid, uid, effective(SystemCall.GETEGID)));
  }

  public static boolean isRoot() {
    return effective(SystemCall.GETEUID) == 0;
  }

  public static Optional<Account> byName(String name) throws IOException, InterruptedException {
    return name.isEmpty() || name.startsWith("-") ? Optional.empty() : lookUp("passwd", name);
  }

  public static Optional<Account> byUid(int uid) throws IOException, InterruptedException {
    return lookUp("passwd", Integer.toString(uid));
  }

  static boolean groupExists(int gid) throws IOException, InterruptedException {
    return !getent("group", Integer.toString(gid)).isEmpty();
  }

  private static Optional<Account> lookUp(String database, String key)
      throws IOException, InterruptedException {
    String line = getent(database, key);
    return line.isEmpty() ? Optional.empty() : Optional.of(parse(line));
  }

  private static int effective(SystemCall id) {
    try {
      return (int) id.call("", 0, 0, 0);
    } catch (SystemCallException e) {
      throw new AssertionError("it never fails", e);
    }
  }

  /** A line of passwd(5). */
  static Account parse(String line) throws IOException {
    String[] fields = line.split(":", -1);
    if (fields.length < 7) {
      throw new IOException("not an entry of passwd: " + line);
    }
    return new Account(
        fields[0], Integer.parseUnsignedInt(fields[2]), Integer.parseUnsignedInt(fields[3]));
  }

  private static String getent(String database, String key)
      throws IOException, InterruptedException {
    ShortCommand.Result result = ShortCommand.run(List.of("getent", database, key));
    return switch (result.status()) {
      case 0 -> result.output().strip();
      case 2 -> "";
      default ->
          throw new IOException("getent %s exits with %d".formatted(database, result.status()));
    };
  }
}
