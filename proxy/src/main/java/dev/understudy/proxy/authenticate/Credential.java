package dev.understudy.proxy.authenticate;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a login is checked against.
 *
 * @param role the role inside the clone
 * @param password as {@code pg_authid.rolpassword} holds it (a SCRAM or md5 verifier), or plain;
 *     null: no password, so none can be right. A plain one costs its first login some milliseconds
 *     unless the store prepares it
 * @param validUntil null: for ever
 * @param scope names the one state of an environment whose own role this is, and for which alone it
 *     holds; null: the settings or production vouch for it, wherever the session goes
 */
public record Credential(
    String role,
    @Nullable Secret password,
    boolean canLogin,
    @Nullable Instant validUntil,
    @Nullable String scope) {
  public Credential {
    requireNonNull(role, "role is null");
  }

  /** One that holds everywhere. */
  public Credential(
      String role, @Nullable Secret password, boolean canLogin, @Nullable Instant validUntil) {
    this(role, password, canLogin, validUntil, null);
  }

  /**
   * The same credential with a verifier in the place of a plain password. Takes milliseconds: for
   * the making of a store, not for an event loop.
   */
  public Credential prepared() {
    return password != null && StoredPassword.of(password) instanceof StoredPassword.Plain plain
        ? new Credential(
            role, ScramVerifier.derive(plain.password()).text(), canLogin, validUntil, scope)
        : this;
  }
}
