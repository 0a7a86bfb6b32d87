package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.access.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for an operation.
 *
 * @param login the name that was authenticated
 * @param role what it makes belongs to this one, and what belongs to it is its own
 * @param administrator everything is
 * @param via how it asks, for the audit log
 * @param from its address, for the audit log
 * @param origin its address, for {@code listen.hba}; null: the rules are not asked
 */
public record Actor(
    String login,
    String role,
    boolean administrator,
    String via,
    String from,
    @Nullable Origin origin) {
  public Actor {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(via, "via is null");
    requireNonNull(from, "from is null");
  }

  /** Somebody whom {@code listen.hba} is not about. */
  public Actor(String login, String role, boolean administrator, String via, String from) {
    this(login, role, administrator, via, from, null);
  }

  /**
   * Whether it may see and steer an environment.
   *
   * @param owner null: it is nobody's
   */
  boolean owns(@Nullable String owner) {
    return administrator || role.equals(owner);
  }
}
