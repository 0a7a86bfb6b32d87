package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Who shows a token to the HTTP API, and what it may do.
 *
 * @param hash SHA-256 of the token, 64 hexadecimal digits in lower case
 * @param owner the role that what it makes belongs to
 * @param environments the only ones that it sees and steers; empty: there is no such limit
 */
public record HttpToken(
    String name, Secret hash, Role role, String owner, List<NamePattern> environments) {
  public HttpToken {
    requireNonNull(name, "name is null");
    requireNonNull(hash, "hash is null");
    requireNonNull(role, "role is null");
    requireNonNull(owner, "owner is null");
    environments = List.copyOf(environments);
  }

  /** How far a token goes. */
  public enum Role {
    /** Sees everything and changes nothing. */
    VIEWER,
    /** Sees and steers what belongs to its owner. */
    USER,
    /** Sees and steers everything; without a limit to some environments the daemon too. */
    ADMINISTRATOR
  }
}
