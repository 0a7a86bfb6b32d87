package dev.understudy.proxy.authenticate;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins authentications; for all threads.
 *
 * <p>A login that cannot succeed (unknown, without a usable password, expired, not allowed to log
 * in) goes through the whole exchange and fails like a wrong password, in the same words.
 */
public final class Authenticator {
  private final Credentials credentials;
  private final BooleanSupplier allowMd5;
  private final InstantSource clock;
  private final SecureRandom random;
  private final MockVerifiers mocks;

  /**
   * Plain passwords that no store prepared. Their salts must stay the same as long as the daemon
   * runs: one that changes tells a plain password from the rest.
   */
  private final ConcurrentMap<Secret, ScramVerifier> derived = new ConcurrentHashMap<>();

  /**
   * As the settings of now have it.
   *
   * @param allowMd5 asked at each authentication
   */
  public Authenticator(Credentials credentials, BooleanSupplier allowMd5) {
    this(credentials, allowMd5, InstantSource.system(), new SecureRandom());
  }

  Authenticator(
      Credentials credentials, BooleanSupplier allowMd5, InstantSource clock, SecureRandom random) {
    this.credentials = requireNonNull(credentials, "credentials is null");
    this.allowMd5 = requireNonNull(allowMd5, "allowMd5 is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.random = requireNonNull(random, "random is null");
    this.mocks = new MockVerifiers(random);
  }

  /**
   * Begins the authentication of one client. Returns at once.
   *
   * @param source as for {@link Credentials#find}
   * @param environment as for {@link Credentials#find}
   * @param user the user name as the client sent it, which may hold more than the login
   * @param binding null: there is no TLS to bind to
   */
  public Authentication begin(
      String login,
      String source,
      String environment,
      String user,
      @Nullable ChannelBinding binding) {
    Credential credential = credentials.find(login, source, environment).orElse(null);
    StoredPassword password =
        credential == null
            ? new StoredPassword.Unusable("there is no such login")
            : usable(credential);
    String role = credential == null ? login : credential.role();
    String scope = credential == null ? null : credential.scope();
    return switch (password) {
      case StoredPassword.Scram(ScramVerifier verifier) ->
          new ScramAuthentication(verifier, new Verdict(user, role, scope, null), binding, random);
      case StoredPassword.Plain(Secret plain) ->
          new ScramAuthentication(
              derived.computeIfAbsent(plain, ScramVerifier::derive),
              new Verdict(user, role, scope, null),
              binding,
              random);
      case StoredPassword.Md5(Secret hash) ->
          new Md5Authentication(hash, new Verdict(user, role, scope, null), random);
      case StoredPassword.Unusable(String reason) ->
          new ScramAuthentication(
              mocks.of(login, source, credentials.usualIterations(source)),
              new Verdict(user, role, scope, reason),
              binding,
              random);
    };
  }

  private StoredPassword usable(Credential credential) {
    if (!credential.canLogin()) {
      return new StoredPassword.Unusable("it may not log in");
    }
    if (isExpired(credential.validUntil())) {
      return new StoredPassword.Unusable("its password has expired");
    }
    StoredPassword password = StoredPassword.of(credential.password());
    return password instanceof StoredPassword.Md5 && !allowMd5.getAsBoolean()
        ? new StoredPassword.Unusable("it has an md5 password, and \"allow-md5\" is off")
        : password;
  }

  private boolean isExpired(@Nullable Instant validUntil) {
    return validUntil != null && validUntil.isBefore(clock.instant());
  }
}
