package dev.understudy.server.http.token;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.HttpToken;
import dev.understudy.config.Secret;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tokens of now. How long a look-up takes says neither whether there is a token nor how much of
 * one was right. Thread-safe.
 */
public final class Tokens {
  private final byte[] administrator;
  private final Supplier<? extends Collection<HttpToken>> settings;

  /**
   * @param administrator the one in the data directory
   * @param settings the others; asked at each look-up
   */
  public Tokens(Secret administrator, Supplier<? extends Collection<HttpToken>> settings) {
    this.administrator = TokenText.digest(administrator.value());
    this.settings = requireNonNull(settings, "settings is null");
  }

  /** Whose token it is. */
  public Optional<Token> find(String token) {
    byte[] digest = TokenText.digest(token);
    Optional<Token> found =
        MessageDigest.isEqual(digest, administrator)
            ? Optional.of(Token.ADMINISTRATOR)
            : Optional.empty();
    for (HttpToken known : settings.get()) {
      // All of them, whichever it is.
      if (MessageDigest.isEqual(digest, HexFormat.of().parseHex(known.hash().value()))) {
        found = Optional.of(Token.of(known));
      }
    }
    return found;
  }
}
