package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

/** A user of the operating system, perhaps one without an entry in the passwd database. */
public record Account(String name, int uid, int gid) {
  public Account {
    requireNonNull(name, "name is null");
  }

  public boolean isRoot() {
    return uid == 0;
  }
}
