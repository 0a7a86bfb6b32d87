package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramClient.NONCE;
import static dev.understudy.proxy.authenticate.ScramClient.attribute;
import static dev.understudy.proxy.authenticate.ScramClient.initial;
import static dev.understudy.proxy.authenticate.ScramClient.serverFirst;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Secret;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationSASL;
import dev.understudy.protocol.backend.AuthenticationSASLFinal;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.proxy.authenticate.Step.Accepted;
import dev.understudy.proxy.authenticate.Step.Rejected;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Map<String, Credential> store = new HashMap<>();
  private final Authenticator authenticator = authenticator(false);

  private Authenticator authenticator(boolean allowMd5) {
    Credentials credentials =
        (login, source, _) ->
            source.equals("prod") ? Optional.ofNullable(store.get(login)) : Optional.empty();
    return new Authenticator(credentials, () -> allowMd5, () -> NOW, new SecureRandom());
  }

  private static Credential credential(String password) {
    return new Credential("app", new Secret(password), true, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 10_000})
  void acceptsTheRightPassword(int iterations) {
    ScramVerifier verifier =
        ScramVerifier.derive(new Secret("grün ½"), Bytes.utf8("salt"), iterations);
    store.put("alice", credential(verifier.text().value()));

    Authentication authentication = authenticator.begin("alice", "prod", "pr-1", "alice", null);

    assertThat(authentication.request())
        .isEqualTo(new AuthenticationSASL(List.of("SCRAM-SHA-256")));
    Step step = new ScramClient("grün ½").authenticate(authentication);
    assertThat(step).isInstanceOf(Accepted.class);
    assertThat(((Accepted) step).role()).isEqualTo("app");
    assertThat(((Accepted) step).last())
        .singleElement()
        .isInstanceOf(AuthenticationSASLFinal.class);
  }

  @Test
  void tellsWhatALoginHoldsFor() {
    Secret right = ScramVerifier.derive(new Secret("right")).text();
    store.put("own", new Credential("app", right, true, null, "clone-1"));
    store.put("late", new Credential("app", right, true, NOW.minusSeconds(1), "clone-1"));
    store.put("md5", new Credential("app", new Secret("md5" + "0".repeat(32)), true, null, "c2"));
    store.put("everywhere", new Credential("app", right, true, null));

    Authentication own = authenticator.begin("own", "prod", "pr-1", "own", null);
    assertThat(own.scope()).isEqualTo("clone-1");
    assertThat(new ScramClient("right").authenticate(own))
        .isInstanceOfSatisfying(
            Accepted.class, accepted -> assertThat(accepted.scope()).isEqualTo("clone-1"));
    assertThat(authenticator.begin("late", "prod", "pr-1", "late", null).scope())
        .as("of what cannot succeed")
        .isEqualTo("clone-1");
    assertThat(authenticator(true).begin("md5", "prod", "pr-1", "md5", null).scope())
        .isEqualTo("c2");
    for (String login : List.of("everywhere", "nobody")) {
      assertThat(authenticator.begin(login, "prod", "pr-1", login, null).scope()).isNull();
    }
  }

  @Test
  void refusesAWrongPassword() {
    store.put("alice", credential(ScramVerifier.derive(new Secret("right")).text().value()));

    Rejected rejected = login("alice", "wrong");

    assertThat(rejected.error().sqlState()).isEqualTo("28P01");
    assertThat(rejected.error().message())
        .isEqualTo("password authentication failed for user \"alice\"");
    assertThat(rejected.reason()).isEqualTo("the password is wrong");
  }

  @Test
  void saysTheSameOfEveryLoginThatCannotSucceed() {
    Secret right = ScramVerifier.derive(new Secret("right")).text();
    store.put("nologin", new Credential("x", right, false, null));
    store.put("expired", new Credential("x", right, true, NOW.minusSeconds(1)));
    store.put("none", new Credential("x", null, true, null));
    store.put("empty", credential(""));
    store.put("broken", credential("SCRAM-SHA-256$nonsense"));
    store.put("md5", credential("md5" + "0".repeat(32)));

    Map<String, String> reasons = new HashMap<>();
    for (String login : List.of("nologin", "expired", "none", "empty", "broken", "md5", "nobody")) {
      Rejected rejected = login(login, "right");
      assertThat(rejected.error())
          .isEqualTo(
              ErrorResponse.fatal(
                  "28P01",
                  "password authentication failed for user \"" + login + "\"",
                  null,
                  null));
      reasons.put(login, rejected.reason());
    }
    assertThat(reasons)
        .containsEntry("nologin", "it may not log in")
        .containsEntry("expired", "its password has expired")
        .containsEntry("none", "it has no password")
        .containsEntry("empty", "it has no password")
        .containsEntry("broken", "its verifier is malformed")
        .containsEntry("md5", "it has an md5 password, and \"allow-md5\" is off")
        .containsEntry("nobody", "there is no such login");
  }

  @Test
  void honoursTheEndOfAPassword() {
    Secret right = ScramVerifier.derive(new Secret("right")).text();
    store.put("alice", new Credential("app", right, true, NOW.plusSeconds(1)));

    assertThat(
            new ScramClient("right")
                .authenticate(authenticator.begin("alice", "prod", "pr-1", "alice", null)))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void knowsALoginOnlyWhereItsSourceDoes() {
    store.put("alice", credential("right"));

    assertThat(
            new ScramClient("right")
                .authenticate(authenticator.begin("alice", "other", "pr-1", "alice", null)))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void showsTheSameSaltForALoginEveryTime() {
    store.put("plain", credential("secret"));

    for (String login : List.of("nobody", "plain")) {
      assertThat(salt(authenticator, login)).isEqualTo(salt(authenticator, login));
    }
    assertThat(salt(authenticator, "nobody")).isNotEqualTo(salt(authenticator, "somebody"));
    assertThat(salt(authenticator, "nobody")).isNotEqualTo(salt(authenticator(false), "nobody"));
    assertThat(salt(authenticator, "nobody")).hasSameSizeAs(salt(authenticator, "plain"));
  }

  @Test
  void makesUpWhatMostVerifiersOfTheSourceLookLike() {
    Credentials nobody =
        new Credentials() {
          @Override
          public Optional<Credential> find(String login, String source, String environment) {
            return Optional.empty();
          }

          @Override
          public int usualIterations(String source) {
            return source.equals("prod") ? 15_000 : 4096;
          }
        };
    Authenticator strangers = new Authenticator(nobody, () -> false, () -> NOW, new SecureRandom());

    assertThat(challenge(strangers, "x", "prod", 2)).isEqualTo("15000");
    assertThat(challenge(strangers, "x", "other", 2)).isEqualTo("4096");
    assertThat(challenge(strangers, "x", "prod", 1))
        .isNotEqualTo(challenge(strangers, "x", "other", 1));
  }

  @Test
  void repeatsTheUserNameAsItWasSent() {
    store.put("alice", credential("right"));

    for (String login : List.of("alice", "nobody")) {
      String user = login + "@PR-1";
      Rejected rejected =
          (Rejected)
              new ScramClient("wrong")
                  .authenticate(authenticator.begin(login, "prod", "pr-1", user, null));
      assertThat(rejected.error().message())
          .isEqualTo("password authentication failed for user \"" + user + "\"");
    }
  }

  @Test
  void takesPlainPasswords() {
    store.put("plain", credential("secret"));
    store.put("prepared", credential("secret").prepared());

    assertThat(requireNonNull(store.get("prepared")).password())
        .isNotNull()
        .extracting(Secret::value)
        .asString()
        .startsWith("SCRAM-SHA-256$4096:");
    for (String login : List.of("plain", "prepared")) {
      assertThat(
              new ScramClient("secret")
                  .authenticate(authenticator.begin(login, "prod", "pr-1", login, null)))
          .isInstanceOf(Accepted.class);
      assertThat(login(login, "Secret").error().sqlState()).isEqualTo("28P01");
    }
  }

  @Test
  void leavesVerifiersAloneInPreparing() {
    Credential md5 = credential("md5" + "0".repeat(32));

    assertThat(md5.prepared()).isSameAs(md5);
  }

  @Test
  void takesMd5WhereAllowed() throws Exception {
    store.put("alice", credential("md5" + md5("secretalice")));

    Authentication right = authenticator(true).begin("alice", "prod", "pr-1", "alice", null);
    assertThat(right.answer(md5Response(right, md5("secretalice"))))
        .isEqualTo(new Accepted("app", null, List.of()));

    Authentication wrong = authenticator(true).begin("alice", "prod", "pr-1", "alice", null);
    Step step = wrong.answer(md5Response(wrong, md5("wrongalice")));
    assertThat(((Rejected) step).error().sqlState()).isEqualTo("28P01");
    assertThatThrownBy(() -> wrong.answer(md5Response(wrong, "")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesEmptyAndUnterminatedMd5Answers() {
    store.put("alice", credential("md5" + "0".repeat(32)));

    assertThatThrownBy(() ->
            authenticator(true)
                .begin("alice", "prod", "pr-1", "alice", null)
                .answer(new AuthenticationResponse(Bytes.of((byte) 0))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("empty password returned by client");
    assertThatThrownBy(() ->
            authenticator(true)
                .begin("alice", "prod", "pr-1", "alice", null)
                .answer(new AuthenticationResponse(Bytes.utf8("md5"))))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid password packet size");
  }

  private static AuthenticationResponse md5Response(Authentication authentication, String hash)
      throws Exception {
    Bytes salt = ((AuthenticationMD5Password) authentication.request()).salt();
    MessageDigest digest = MessageDigest.getInstance("MD5");
    digest.update(hash.getBytes(StandardCharsets.US_ASCII));
    String answer = "md5" + HexFormat.of().formatHex(digest.digest(salt.toArray()));
    return new AuthenticationResponse(Bytes.utf8(answer + "\0"));
  }

  private static String md5(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String salt(Authenticator authenticator, String login) {
    return challenge(authenticator, login, "prod", 1);
  }

  private static String challenge(
      Authenticator authenticator, String login, String source, int attribute) {
    Step step =
        authenticator.begin(login, source, "pr-1", login, null).answer(initial("n,,n=,r=" + NONCE));
    return attribute(serverFirst(step), attribute);
  }

  private Rejected login(String login, String password) {
    Step step =
        new ScramClient(password)
            .authenticate(authenticator.begin(login, "prod", "pr-1", login, null));
    assertThat(step).isInstanceOf(Rejected.class);
    return (Rejected) step;
  }
}
