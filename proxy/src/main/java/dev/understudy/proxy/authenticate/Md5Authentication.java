package dev.understudy.proxy.authenticate;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.protocol.frontend.PasswordMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The md5 method, for passwords that old servers stored. The client hashes the password with the
 * user name as it sent it, so a name that was split for routing never matches.
 */
final class Md5Authentication implements Authentication {
  private static final String PREFIX = "md5";

  private final Secret hash;
  private final Verdict verdict;
  private final AuthenticationMD5Password request;
  private boolean isOver;

  Md5Authentication(Secret hash, Verdict verdict, SecureRandom random) {
    this.hash = hash;
    this.verdict = verdict;
    this.request =
        new AuthenticationMD5Password(Bytes.random(AuthenticationMD5Password.SALT_LENGTH, random));
  }

  @Override
  public @Nullable String scope() {
    return verdict.scope();
  }

  @Override
  public AuthenticationRequest request() {
    return request;
  }

  @Override
  public Step answer(AuthenticationResponse response) {
    if (isOver) {
      throw new IllegalStateException("authentication is over");
    }
    isOver = true;
    Bytes password = PasswordMessage.decode(response).password();
    if (password.length() == 0) {
      throw new ProtocolException(
          SqlState.INVALID_PASSWORD, "empty password returned by client", null);
    }
    return verdict.of(password.equals(expected()), List.of());
  }

  private Bytes expected() {
    MessageDigest digest = md5();
    digest.update(hash.value().substring(PREFIX.length()).getBytes(StandardCharsets.US_ASCII));
    digest.update(request.salt().toArray());
    return Bytes.utf8(PREFIX + HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
