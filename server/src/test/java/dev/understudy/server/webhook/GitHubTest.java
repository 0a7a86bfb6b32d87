package dev.understudy.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Secret;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubTest {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final String CLOSED =
      """
      {"action": "closed", "number": 42, "pull_request": {"merged": true},
       "repository": {"full_name": "acme/shop"}}\
      """;

  private final GitHub github = new GitHub(new Secret(SECRET));

  /** The example of GitHub's documentation. */
  @Test
  void signaturesAreGitHubs() throws Exception {
    Map<String, String> headers =
        Map.of(
            "X-Hub-Signature-256",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            "X-GitHub-Event",
            "ping");

    assertThat(github.read(new Delivery(headers::get, "Hello, World!".getBytes(UTF_8))))
        .isEqualTo(new Event.Other("ping"));
  }

  @Test
  void aClosedPullRequestIsTold() throws Exception {
    assertThat(github.read(signed("pull_request", CLOSED)))
        .isEqualTo(new Event.Closed("acme/shop", 42));
  }

  @Test
  void othersAreNamed() throws Exception {
    assertThat(github.read(signed("pull_request", CLOSED.replace("closed", "opened"))))
        .isEqualTo(new Event.Other("pull_request opened"));
    assertThat(github.read(signed("push", "{}"))).isEqualTo(new Event.Other("push"));
  }

  @Test
  void oneThatWasChangedOnTheWayIsForged() {
    Delivery signed = signed("pull_request", CLOSED);
    byte[] changed = CLOSED.replace("42", "43").getBytes(UTF_8);

    assertForged(new Delivery(signed::header, changed), "is not of this body");
  }

  @Test
  void oneWithoutASignatureIsForged() {
    assertForged(
        new Delivery(name -> name.equals("X-GitHub-Event") ? "ping" : null, new byte[0]),
        "has no secret at GitHub");
  }

  private void assertForged(Delivery delivery, String why) {
    assertThatThrownBy(() -> github.read(delivery))
        .isInstanceOfSatisfying(
            WebhookException.class,
            e -> assertThat(e.kind()).isEqualTo(WebhookException.Kind.FORGED))
        .hasMessageContaining(why)
        .hasMessageNotContaining("Secret to Everybody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{\"action\": 1}",
        "{\"action\": \"closed\", \"number\": 0, \"repository\": {\"full_name\": \"a/b\"}}",
        "{\"action\": \"closed\", \"number\": \"1\", \"repository\": {\"full_name\": \"a/b\"}}",
        "{\"action\": \"closed\", \"number\": 1e400, \"repository\": {\"full_name\": \"a/b\"}}",
        "{\"action\": \"closed\", \"number\": 1, \"repository\": null}"
      })
  void whatGitHubWouldNotSendIsMalformed(String body) {
    assertThatThrownBy(() -> github.read(signed("pull_request", body)))
        .isInstanceOfSatisfying(
            WebhookException.class,
            e -> assertThat(e.kind()).isEqualTo(WebhookException.Kind.MALFORMED));
  }

  private static Delivery signed(String event, String body) {
    String signature =
        HexFormat.of().formatHex(Signatures.hmac(SECRET.getBytes(UTF_8), body.getBytes(UTF_8)));
    Map<String, String> headers =
        Map.of("X-Hub-Signature-256", "sha256=" + signature, "X-GitHub-Event", event);
    return new Delivery(headers::get, body.getBytes(UTF_8));
  }
}
