package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * A login of the settings.
 *
 * @param password a SCRAM verifier as PostgreSQL stores it ({@code SCRAM-SHA-256$...}), or plain
 * @param role the role that its sessions have inside a clone
 * @param administrator sees and steers everybody's environments, sources and the daemon
 */
public record User(String name, Secret password, String role, boolean administrator) {
  public User {
    requireNonNull(name, "name is null");
    requireNonNull(password, "password is null");
    requireNonNull(role, "role is null");
  }

  /** One that is no administrator. */
  public User(String name, Secret password, String role) {
    this(name, password, role, false);
  }
}
