package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.access.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for an operation.
 *
 * @param login the name that was authenticated: of a user, or of a token
 * @param role what it makes belongs to this one, and what belongs to it is its own
 * @param administrator everything is, within its reach
 * @param via how it asks, for the audit log
 * @param from its address, for the audit log
 * @param reach what it is confined to
 * @param origin its address, for {@code listen.hba}; null: the rules are not asked
 */
public record Actor(
    String login,
    String role,
    boolean administrator,
    String via,
    String from,
    Reach reach,
    @Nullable Origin origin) {
  public Actor {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(via, "via is null");
    requireNonNull(from, "from is null");
    requireNonNull(reach, "reach is null");
  }

  /** One that is confined to nothing, and whom {@code listen.hba} is not about. */
  public Actor(String login, String role, boolean administrator, String via, String from) {
    this(login, role, administrator, via, from, Reach.ALL, null);
  }

  /**
   * Whether an environment is to be shown to it.
   *
   * @param owner null: it is nobody's
   */
  public boolean sees(String environment, @Nullable String owner) {
    return reach.covers(environment) && (reach.readOnly() || isOwn(owner));
  }

  /** Whether an environment that it sees is its own to steer. */
  boolean isOwn(@Nullable String owner) {
    return administrator || role.equals(owner);
  }

  /** Whether what is of all environments is for it to see. */
  public boolean seesAll() {
    return reach.environments().isEmpty() && (administrator || reach.readOnly());
  }

  /** Whether sources and the daemon are its to steer, too. */
  public boolean steersAll() {
    return administrator && reach.equals(Reach.ALL);
  }
}
