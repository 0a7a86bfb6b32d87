package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A role as a clone's own server has it.
 *
 * @param untouched its password is still the one with which the clone began, so that production's
 *     counts
 * @param verifier {@code pg_authid.rolpassword}, if it was set in the clone and is a SCRAM or an
 *     md5 verifier; null: it has none of its own. Secret
 * @param validUntil null: for ever
 */
public record CloneRole(
    String name,
    boolean canLogin,
    boolean untouched,
    @Nullable String verifier,
    @Nullable Instant validUntil) {
  public CloneRole {
    requireNonNull(name, "name is null");
  }

  @Override
  public String toString() {
    return "CloneRole[" + name + "]";
  }
}
