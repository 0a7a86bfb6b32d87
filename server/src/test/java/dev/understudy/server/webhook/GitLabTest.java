package dev.understudy.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitLabTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final byte[] KEY = "a key of so many bytes".getBytes(UTF_8);
  private static final String SIGNING_TOKEN = "whsec_" + Base64.getEncoder().encodeToString(KEY);
  private static final String MERGED =
      """
      {"object_kind": "merge_request", "project": {"path_with_namespace": "acme/web/shop"},
       "object_attributes": {"iid": 7, "id": 99, "action": "merge"}}\
      """;

  @ParameterizedTest
  @CsvSource({"merge, true", "close, true", "open, false", "update, false", "approved, false"})
  void mergedAndClosedOnesAreTold(String action, boolean isEnd) throws Exception {
    String body = MERGED.replace("\"merge\"", "\"" + action + "\"");

    assertThat(gitlab("s3cret").read(withToken("s3cret", body)))
        .isEqualTo(
            isEnd
                ? new Event.Closed("acme/web/shop", 7)
                : new Event.Other("merge_request " + action));
  }

  @Test
  void othersAreNamed() throws Exception {
    assertThat(gitlab("s3cret").read(withToken("s3cret", "{\"object_kind\": \"push\"}")))
        .isEqualTo(new Event.Other("push"));
  }

  @Test
  void anotherTokenIsForged() {
    assertForged("s3cret", withToken("s3creT", MERGED), "is not the secret of the settings");
    assertForged(
        "s3cret", new Delivery(name -> null, MERGED.getBytes(UTF_8)), "has no secret at GitLab");
  }

  @Test
  void whatIsSignedIsBelieved() throws Exception {
    assertThat(gitlab(SIGNING_TOKEN).read(signed(NOW, MERGED)))
        .isEqualTo(new Event.Closed("acme/web/shop", 7));
  }

  /** While a token is being replaced there are several. */
  @Test
  void oneOfSeveralSignaturesIsEnough() throws Exception {
    Delivery delivery = signed(NOW, MERGED);
    String signature = delivery.header("webhook-signature");
    Delivery several =
        new Delivery(
            name ->
                name.equals("webhook-signature") ? "v1,AAAA " + signature : delivery.header(name),
            delivery.body());

    assertThat(gitlab(SIGNING_TOKEN).read(several)).isEqualTo(new Event.Closed("acme/web/shop", 7));
  }

  /** Else who knows the body of one delivery could sign none, and send the token of another. */
  @Test
  void aWrongSignatureIsNotHealedByAToken() {
    Delivery delivery =
        new Delivery(
            Map.of(
                    "X-Gitlab-Token",
                    SIGNING_TOKEN,
                    "webhook-signature",
                    "v1,AAAA",
                    "webhook-id",
                    "1",
                    "webhook-timestamp",
                    String.valueOf(NOW.getEpochSecond()))
                ::get,
            MERGED.getBytes(UTF_8));

    assertForged(SIGNING_TOKEN, delivery, "is not of this body");
  }

  @ParameterizedTest
  @ValueSource(longs = {-400, 400})
  void aRecordingIsForged(long seconds) {
    assertForged(SIGNING_TOKEN, signed(NOW.plusSeconds(seconds), MERGED), "a clock is wrong");
  }

  @Test
  void aChangedTimeIsForged() {
    Delivery old = signed(NOW.minus(Duration.ofDays(1)), MERGED);
    Delivery renewed =
        new Delivery(
            name ->
                name.equals("webhook-timestamp")
                    ? String.valueOf(NOW.getEpochSecond())
                    : old.header(name),
            old.body());

    assertForged(SIGNING_TOKEN, renewed, "is not of this body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "99999999999999999999"})
  void aTimeThatIsNoneIsForged(String time) {
    Delivery signed = signed(NOW, MERGED);
    Delivery delivery =
        new Delivery(
            name -> name.equals("webhook-timestamp") ? time : signed.header(name), signed.body());

    assertForged(SIGNING_TOKEN, delivery, "no webhook-timestamp");
  }

  private static GitLab gitlab(String secret) {
    return new GitLab(new Secret(secret), () -> NOW);
  }

  private static void assertForged(String secret, Delivery delivery, String why) {
    assertThatThrownBy(() -> gitlab(secret).read(delivery))
        .isInstanceOfSatisfying(
            WebhookException.class,
            e -> assertThat(e.kind()).isEqualTo(WebhookException.Kind.FORGED))
        .hasMessageContaining(why)
        .hasMessageNotContaining(secret);
  }

  private static Delivery withToken(String token, String body) {
    return new Delivery(Map.of("X-Gitlab-Token", token)::get, body.getBytes(UTF_8));
  }

  private static Delivery signed(Instant time, String body) {
    String second = String.valueOf(time.getEpochSecond());
    byte[] signature =
        Signatures.hmac(KEY, ("id-1." + second + ".").getBytes(UTF_8), body.getBytes(UTF_8));
    Map<String, String> headers =
        Map.of(
            "webhook-id",
            "id-1",
            "webhook-timestamp",
            second,
            "webhook-signature",
            "v1," + Base64.getEncoder().encodeToString(signature));
    return new Delivery(headers::get, body.getBytes(UTF_8));
  }
}
