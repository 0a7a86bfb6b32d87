package dev.understudy.cloner.sandbox;

import dev.understudy.cloner.host.Account;
import java.util.List;

/** {@code setpriv} command lines, to be put before a command. */
final class Privileges {
  private static final List<String> NONE =
      List.of("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all");

  private Privileges() {}

  /** Becomes the account, with no privilege left and no way to one. For root. */
  static List<String> become(Account account) {
    return List.of(
        "setpriv",
        "--reuid=" + account.uid(),
        "--regid=" + account.gid(),
        "--clear-groups",
        NONE.get(0),
        NONE.get(1),
        NONE.get(2));
  }

  /** Stays the same user, who cannot empty a bounding set, without a way to more. */
  static List<String> keep() {
    return List.of("setpriv", "--no-new-privs", "--inh-caps=-all");
  }
}
