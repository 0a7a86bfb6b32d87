package dev.understudy.cloner.sandbox;

import dev.understudy.cloner.host.Account;
import java.util.ArrayList;
import java.util.List;

/** {@code setpriv} command lines, to be put before a command. */
final class Privileges {
  private Privileges() {}

  /** Becomes the account, with no privilege left and no way to one. For root. */
  static List<String> become(Account account) {
    List<String> all = new ArrayList<>(List.of("setpriv"));
    all.addAll(List.of("--reuid=" + account.uid(), "--regid=" + account.gid(), "--clear-groups"));
    all.addAll(List.of("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"));
    return all;
  }

  /** Gives up the privileges of a user namespace. */
  static List<String> dropAll() {
    List<String> all = new ArrayList<>(List.of("setpriv", "--no-new-privs"));
    all.addAll(List.of("--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"));
    return all;
  }

  /** Stays the same user, who cannot empty a bounding set, without a way to more. */
  static List<String> keep() {
    return List.of("setpriv", "--no-new-privs", "--inh-caps=-all");
  }
}
