package dev.understudy.protocol.startup;

import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session speaks, decided once, before authentication.
 *
 * @param minor of protocol 3, for both legs
 * @param answer to be sent to the client exactly once; null: the client gets what it asked for and
 *     is told nothing
 */
public record ProtocolNegotiation(int minor, @Nullable NegotiateProtocolVersion answer) {
  private static final String OPTION_PREFIX = "_pq_.";

  /**
   * Decides for one startup message.
   *
   * @param supportedMinor the highest that the server behind can speak
   */
  public static ProtocolNegotiation of(StartupMessage message, int supportedMinor) {
    int minor = Math.min(message.minor(), supportedMinor);
    List<String> unknown =
        message.parameters().keySet().stream().filter(ProtocolNegotiation::isOption).toList();
    boolean asAsked = minor == message.minor() && unknown.isEmpty();
    return new ProtocolNegotiation(
        minor, asAsked ? null : new NegotiateProtocolVersion(minor, unknown));
  }

  /**
   * True for the parameters that are options of the protocol itself. None is known so far; all are
   * answered by the negotiation and none is passed on.
   */
  public static boolean isOption(String parameter) {
    return parameter.startsWith(OPTION_PREFIX);
  }
}
