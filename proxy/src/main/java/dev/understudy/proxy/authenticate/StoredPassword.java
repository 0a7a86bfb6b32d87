package dev.understudy.proxy.authenticate;

import dev.understudy.config.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a stored password turns out to be. */
sealed interface StoredPassword {
  Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

  /** A SCRAM-SHA-256 verifier. */
  record Scram(ScramVerifier verifier) implements StoredPassword {}

  /**
   * An md5 verifier.
   *
   * @param hash {@code md5} and 32 digits
   */
  record Md5(Secret hash) implements StoredPassword {}

  /** A password as its owner types it. */
  record Plain(Secret password) implements StoredPassword {}

  /** Nothing that a login could match. */
  record Unusable(String reason) implements StoredPassword {}

  static StoredPassword of(@Nullable Secret password) {
    if (password == null || password.value().isEmpty()) {
      return new Unusable("it has no password");
    }
    if (password.value().startsWith(ScramVerifier.PREFIX)) {
      ScramVerifier verifier = ScramVerifier.parse(password);
      return verifier == null ? new Unusable("its verifier is malformed") : new Scram(verifier);
    }
    return MD5.matcher(password.value()).matches() ? new Md5(password) : new Plain(password);
  }
}
