package dev.understudy.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * GitLab. It signs deliveries as Standard Webhooks has it where the webhook has a signing token,
 * and sends the secret itself where it has a secret token only.
 */
public final class GitLab implements Forge {
  private static final String TOKEN = "X-Gitlab-Token";
  private static final String SIGNATURE = "webhook-signature";
  private static final String ID = "webhook-id";
  private static final String TIME = "webhook-timestamp";
  private static final String KEY_PREFIX = "whsec_";
  private static final String VERSION = "v1,";

  /** Older ones may be somebody else's recording. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,12}");

  private final String secret;
  private final byte[] key;
  private final InstantSource clock;

  /**
   * GitLab as far as one secret goes.
   *
   * @param secret the secret token or the signing token of the webhook, as it was entered there
   */
  public GitLab(Secret secret, InstantSource clock) {
    this.secret = secret.value();
    this.key = key(secret.value());
    this.clock = requireNonNull(clock, "clock is null");
  }

  private static byte[] key(String secret) {
    if (secret.startsWith(KEY_PREFIX)) {
      try {
        return Base64.getDecoder().decode(secret.substring(KEY_PREFIX.length()));
      } catch (IllegalArgumentException e) {
        // It only looks like one.
      }
    }
    return secret.getBytes(UTF_8);
  }

  @Override
  public Event read(Delivery delivery) throws WebhookException {
    String signatures = delivery.header(SIGNATURE);
    if (signatures != null) {
      requireSigned(delivery, signatures);
    } else {
      requireToken(delivery.header(TOKEN));
    }
    Payload payload = Payload.of(delivery);
    String kind = payload.text("/object_kind");
    if (!kind.equals("merge_request")) {
      return new Event.Other(kind);
    }
    String action = payload.text("/object_attributes/action");
    if (!action.equals("close") && !action.equals("merge")) {
      return new Event.Other(kind + " " + action);
    }
    return new Event.Closed(
        payload.text("/project/path_with_namespace"), payload.number("/object_attributes/iid"));
  }

  private void requireToken(@Nullable String token) throws WebhookException {
    if (token == null || !Signatures.isEqual(secret, token)) {
      throw forged(
          token == null
              ? "there is neither "
                  + SIGNATURE
                  + " nor "
                  + TOKEN
                  + ": the webhook has no secret at"
                  + " GitLab"
              : TOKEN + " is not the secret of the settings");
    }
  }

  private void requireSigned(Delivery delivery, String signatures) throws WebhookException {
    String id = delivery.header(ID);
    String time = delivery.header(TIME);
    if (id == null || time == null || !DIGITS.matcher(time).matches()) {
      throw forged("there is no " + ID + ", or no " + TIME);
    }
    byte[] signature =
        Signatures.hmac(key, (id + "." + time + ".").getBytes(UTF_8), delivery.body());
    String expected = VERSION + Base64.getEncoder().encodeToString(signature);
    boolean signed = false;
    for (String given : List.of(signatures.split(" ", -1))) {
      signed |= Signatures.isEqual(expected, given);
    }
    if (!signed) {
      throw forged(SIGNATURE + " is not of this body with the secret of the settings");
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(time));
    if (Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
      throw forged("it was sent at " + sent + ", or a clock is wrong");
    }
  }

  private static WebhookException forged(String message) {
    return new WebhookException(WebhookException.Kind.FORGED, message);
  }
}
