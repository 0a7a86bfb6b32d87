package dev.understudy.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.config.Secret;
import java.util.HexFormat;

/** GitHub, and Gitea and Forgejo, which send what it does. */
public final class GitHub implements Forge {
  private static final String SIGNATURE = "X-Hub-Signature-256";
  private static final String EVENT = "X-GitHub-Event";
  private static final String PULL_REQUEST = "pull_request";

  private final byte[] key;

  /**
   * GitHub as far as one secret goes.
   *
   * @param secret of the webhook, as it was entered there
   */
  public GitHub(Secret secret) {
    this.key = secret.value().getBytes(UTF_8);
  }

  @Override
  public Event read(Delivery delivery) throws WebhookException {
    String given = delivery.header(SIGNATURE);
    String expected = "sha256=" + HexFormat.of().formatHex(Signatures.hmac(key, delivery.body()));
    if (given == null || !Signatures.isEqual(expected, given)) {
      throw new WebhookException(
          WebhookException.Kind.FORGED,
          given == null
              ? "there is no " + SIGNATURE + ": the webhook has no secret at GitHub"
              : SIGNATURE + " is not of this body with the secret of the settings");
    }
    String event = delivery.header(EVENT);
    if (!PULL_REQUEST.equals(event)) {
      return new Event.Other(event == null ? "no event" : event);
    }
    Payload payload = Payload.of(delivery);
    String action = payload.text("/action");
    if (!action.equals("closed")) {
      return new Event.Other(PULL_REQUEST + " " + action);
    }
    return new Event.Closed(payload.text("/repository/full_name"), payload.number("/number"));
  }
}
