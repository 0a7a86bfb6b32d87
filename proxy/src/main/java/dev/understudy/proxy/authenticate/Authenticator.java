package dev.understudy.proxy.authenticate;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Begins authentications; for all threads.
 *
 * <p>A login that cannot succeed (unknown, without a usable password, expired, not allowed to log
 * in) goes through the whole exchange and fails like a wrong password, in the same words.
 */
public final class Authenticator {
  private final Credentials credentials;
  private final boolean allowMd5;
  private final InstantSource clock;
  private final SecureRandom random;
  private final MockVerifiers mocks;

  /**
   * Plain passwords that no store prepared. Their salts must stay the same as long as the daemon
   * runs: one that changes tells a plain password from the rest.
   */
  private final ConcurrentMap<Secret, ScramVerifier> derived = new ConcurrentHashMap<>();

  public Authenticator(Credentials credentials, boolean allowMd5) {
    this(credentials, allowMd5, InstantSource.system(), new SecureRandom());
  }

  Authenticator(
      Credentials credentials, boolean allowMd5, InstantSource clock, SecureRandom random) {
    this.credentials = requireNonNull(credentials, "credentials is null");
    this.allowMd5 = allowMd5;
    this.clock = requireNonNull(clock, "clock is null");
    this.random = requireNonNull(random, "random is null");
    this.mocks = new MockVerifiers(random);
  }

  /**
   * Begins the authentication of one client. Returns at once.
   *
   * @param source as for {@link Credentials#find}
   */
  public Authentication begin(String login, String source) {
    Credential credential = credentials.find(login, source).orElse(null);
    if (credential == null) {
      return doomed(login, "there is no such login");
    }
    if (!credential.canLogin()) {
      return doomed(login, "it may not log in");
    }
    if (isExpired(credential.validUntil())) {
      return doomed(login, "its password has expired");
    }
    return switch (StoredPassword.of(credential.password())) {
      case StoredPassword.Scram(ScramVerifier verifier) ->
          scram(login, credential.role(), verifier);
      case StoredPassword.Plain(Secret password) ->
          scram(login, credential.role(), derived.computeIfAbsent(password, ScramVerifier::derive));
      case StoredPassword.Md5(Secret hash) ->
          allowMd5
              ? new Md5Authentication(hash, new Verdict(login, credential.role(), null), random)
              : doomed(login, "it has an md5 password, and \"allow-md5\" is off");
      case StoredPassword.Unusable(String reason) -> doomed(login, reason);
    };
  }

  private boolean isExpired(@Nullable Instant validUntil) {
    return validUntil != null && validUntil.isBefore(clock.instant());
  }

  private Authentication scram(String login, String role, ScramVerifier verifier) {
    return new ScramAuthentication(verifier, new Verdict(login, role, null), random);
  }

  private Authentication doomed(String login, String reason) {
    return new ScramAuthentication(mocks.of(login), new Verdict(login, login, reason), random);
  }
}
