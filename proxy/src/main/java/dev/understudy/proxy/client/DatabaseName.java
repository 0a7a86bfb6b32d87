package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What sessions are counted by.
 *
 * @param database as PostgreSQL would know it: what is behind its longest name is cut off, since
 *     clients make names up, and they are remembered
 * @param environment null: the database is the console
 */
public record DatabaseName(String database, @Nullable String environment) {
  /** In bytes, as PostgreSQL is built unless somebody changes it. */
  private static final int LONGEST = 63;

  public DatabaseName {
    database = cut(requireNonNull(database, "database is null"));
  }

  private static String cut(String name) {
    int bytes = 0;
    int end = 0;
    while (end < name.length()) {
      int next = name.offsetByCodePoints(end, 1);
      bytes += name.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > LONGEST) {
        return name.substring(0, end);
      }
      end = next;
    }
    return name;
  }

  /** As it can be connected to. */
  @Override
  public String toString() {
    return environment == null ? database : database + "@" + environment;
  }
}
