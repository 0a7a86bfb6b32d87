package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Some connections, and whether they are let in: what a line is in {@code pg_hba.conf}. A list that
 * is empty is one of all.
 *
 * @param users names that clients log in with
 * @param databases a literal {@link #REPLICATION} is also physical replication, which is of no
 *     database and which no other text stands for
 * @param environments patterns that are not personal
 */
public record HbaRule(
    Type type,
    List<NameGlob> databases,
    List<NameGlob> users,
    List<NamePattern> environments,
    List<AddressBlock> addresses,
    Method method) {
  private static final String CONSOLE = "understudy";
  private static final NameGlob REPLICATION = new NameGlob("replication");

  public HbaRule {
    requireNonNull(type, "type is null");
    databases = List.copyOf(databases);
    users = List.copyOf(users);
    environments = List.copyOf(environments);
    addresses = List.copyOf(addresses);
    requireNonNull(method, "method is null");
  }

  /** How the connection is made. */
  public enum Type {
    HOST,
    /** Over TLS alone. */
    HOSTSSL,
    /** Without TLS alone. */
    HOSTNOSSL
  }

  /** What becomes of it. */
  public enum Method {
    ALLOW,
    REJECT
  }

  /**
   * Whether it is about connections from there.
   *
   * @param address null: it has none, and is in no block
   */
  public boolean coversOrigin(@Nullable InetAddress address, boolean encrypted) {
    boolean isOfType =
        switch (type) {
          case HOST -> true;
          case HOSTSSL -> encrypted;
          case HOSTNOSSL -> !encrypted;
        };
    return isOfType && any(addresses, block -> address != null && block.contains(address));
  }

  public boolean coversUser(String login) {
    return any(users, user -> user.matches(login));
  }

  public boolean coversEnvironment(String name) {
    return any(environments, pattern -> pattern.matches(name));
  }

  public boolean coversDatabase(String name) {
    return any(databases, database -> database.matches(name));
  }

  /** The same of a connection that streams WAL and is of no database. */
  public boolean coversPhysicalReplication() {
    return any(databases, REPLICATION::equals);
  }

  /** The same of the console, which is no environment. */
  public boolean coversConsole() {
    return environments.isEmpty() && coversDatabase(CONSOLE);
  }

  /** False if it asks who connects, or to what. */
  public boolean isOfOriginAlone() {
    return users.isEmpty() && isOfAnyEnvironment();
  }

  /** False if it asks what is connected to. */
  public boolean isOfAnyEnvironment() {
    return environments.isEmpty() && databases.isEmpty();
  }

  /** True if it surely is about all that the other is about. */
  boolean covers(HbaRule other) {
    return (type == Type.HOST || type == other.type)
        && all(databases, other.databases, HbaRule::covers)
        && all(users, other.users, NameGlob::covers)
        && all(environments, other.environments, HbaRule::covers)
        && all(addresses, other.addresses, AddressBlock::contains);
  }

  /** The keyword is more than the name, so that only the keyword itself has all that it is. */
  private static boolean covers(NameGlob database, NameGlob other) {
    return other.equals(REPLICATION) ? database.equals(REPLICATION) : database.covers(other);
  }

  private static boolean covers(NamePattern environment, NamePattern other) {
    // As for globs: a star of the other can only be what a star of ours stands for.
    return environment.matches(other.toString());
  }

  private static <T> boolean any(List<T> listed, Predicate<T> condition) {
    return listed.isEmpty() || listed.stream().anyMatch(condition);
  }

  private static <T> boolean all(List<T> ours, List<T> others, BiPredicate<T, T> covers) {
    return ours.isEmpty()
        || (!others.isEmpty()
            && others.stream()
                .allMatch(other -> ours.stream().anyMatch(mine -> covers.test(mine, other))));
  }
}
