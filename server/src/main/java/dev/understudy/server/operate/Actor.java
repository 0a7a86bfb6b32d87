package dev.understudy.server.operate;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for an operation.
 *
 * @param login the name that was authenticated
 * @param role what it makes belongs to this one, and what belongs to it is its own
 * @param administrator everything is
 * @param via how it asks, for the audit log
 * @param from its address, for the audit log
 */
public record Actor(String login, String role, boolean administrator, String via, String from) {
  public Actor {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(via, "via is null");
    requireNonNull(from, "from is null");
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
