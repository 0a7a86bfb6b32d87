package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * A login of the settings.
 *
 * @param password a SCRAM verifier as PostgreSQL stores it ({@code SCRAM-SHA-256$...}), or plain
 * @param role the role that its sessions have inside a clone
 */
public record User(String name, Secret password, String role) {
  public User {
    requireNonNull(name, "name is null");
    requireNonNull(password, "password is null");
    requireNonNull(role, "role is null");
  }
}
