package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;

/** The answer to AuthenticationSASLContinue; the mechanism alone knows what is in it. */
public record SASLResponse(Bytes data) {
  public SASLResponse {
    requireNonNull(data, "data is null");
  }

  public static SASLResponse decode(AuthenticationResponse response) {
    return new SASLResponse(response.body());
  }
}
