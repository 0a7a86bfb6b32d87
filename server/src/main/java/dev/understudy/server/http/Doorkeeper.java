package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.throttle.Ruling;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.server.http.token.Token;
import dev.understudy.server.http.token.Tokens;
import dev.understudy.server.operate.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who means this host and shows a token. Who shows wrong ones is slowed down as who has
 * wrong passwords is. Thread-safe; what is asked of it may block for seconds then.
 */
final class Doorkeeper {
  private static final Pattern BEARER =
      Pattern.compile("Bearer +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

  private static final String INVALID_AUTHORIZATION = "28000";
  private static final String INVALID_TOKEN = "28P01";
  private static final String CHALLENGE = "Bearer realm=\"Understudy\"";

  /** Tokens have no login that they are tried for; attempts with them are counted together. */
  private static final String LOGIN = "";

  private static final String SOURCE = "http token";

  private final HostNames names;
  private final Tokens tokens;
  private final Throttle throttle;

  Doorkeeper(HostNames names, Tokens tokens, Throttle throttle) {
    this.names = requireNonNull(names, "names is null");
    this.tokens = requireNonNull(tokens, "tokens is null");
    this.throttle = requireNonNull(throttle, "throttle is null");
  }

  /** Refuses what a page of another site may have sent. */
  void requireOwnSite(HttpServletRequest request) {
    List<String> hosts = Collections.list(request.getHeaders("Host"));
    String host = hosts.size() == 1 ? hosts.getFirst() : null;
    if (!names.covers(host)) {
      throw new ProblemException(
          Problem.of(
              421,
              INVALID_AUTHORIZATION,
              "this host does not go by that name",
              "The header Host of the request names another one.",
              "Use its address or localhost in the URL, or add the name to http.names in the"
                  + " settings."));
    }
    for (String origin : Collections.list(request.getHeaders("Origin"))) {
      // A proxy in front of it may speak TLS where it does not itself.
      if (!origin.equalsIgnoreCase(request.getScheme() + "://" + host)
          && !origin.equalsIgnoreCase("https://" + host)) {
        throw new ProblemException(
            Problem.of(
                403,
                INVALID_AUTHORIZATION,
                "pages of other sites are not let in",
                "The header Origin of the request names another site than this one.",
                null));
      }
    }
  }

  /** Who asks. */
  Actor admit(HttpServletRequest request) throws InterruptedException {
    InetSocketAddress client =
        new InetSocketAddress(
            InetAddress.ofLiteral(request.getRemoteAddr()), request.getRemotePort());
    String shown = shown(request);
    if (shown == null) {
      throw unauthorized(
          "a token is needed",
          "Send the header Authorization: Bearer TOKEN; http-token in the data directory holds"
              + " the administrator's.",
          CHALLENGE);
    }
    Throttle.Attempt attempt = throttle.attempt(client, LOGIN, SOURCE);
    Duration turnedAwayFor = attempt.turnedAwayFor();
    if (turnedAwayFor != null) {
      throw turnedAway(turnedAwayFor);
    }
    Optional<Token> token = tokens.find(shown);
    switch (attempt.settle(token.isPresent())) {
      case Ruling.TurnedAway(Duration retryAfter) -> throw turnedAway(retryAfter);
      case Ruling.Answered(Duration after) -> Thread.sleep(after);
    }
    // Anew: it may have been taken away meanwhile.
    return token
        .flatMap(_ -> tokens.find(shown))
        .orElseThrow(() ->
            unauthorized(
                "the token is not valid",
                "Look whether it is complete, and whether the settings still have its hash.",
                CHALLENGE + ", error=\"invalid_token\""))
        .actor(client.toString());
  }

  private static @Nullable String shown(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    Matcher bearer = headers.size() == 1 ? BEARER.matcher(headers.getFirst()) : null;
    return bearer != null && bearer.matches() ? bearer.group(1) : null;
  }

  private static ProblemException unauthorized(String title, String hint, String challenge) {
    return new ProblemException(
        Problem.of(401, INVALID_TOKEN, title, null, hint), Map.of("WWW-Authenticate", challenge));
  }

  private static ProblemException turnedAway(Duration retryAfter) {
    long seconds = retryAfter.toSeconds() + 1;
    return new ProblemException(
        Problem.of(
            429,
            INVALID_AUTHORIZATION,
            "too many failed authentications from this address",
            null,
            "Try again in " + seconds + " s."),
        Map.of("Retry-After", Long.toString(seconds)));
  }
}
