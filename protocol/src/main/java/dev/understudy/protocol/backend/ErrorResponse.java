package dev.understudy.protocol.backend;

import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session, or only a statement, has failed.
 *
 * @param fields by their one letter codes; from a server any of them may be missing
 */
public record ErrorResponse(Map<Character, String> fields) implements Report {
  static final byte TYPE = 'E';

  public ErrorResponse {
    fields = ResponseFields.copy(fields);
  }

  /**
   * An error that ends the session: outside the console, all that the proxy itself reports is one.
   */
  public static ErrorResponse fatal(
      String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    return new ErrorResponse(ResponseFields.of("FATAL", sqlState, message, detail, hint));
  }

  /** An error that ends a statement, and not the session. */
  public static ErrorResponse error(
      String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    return new ErrorResponse(ResponseFields.of("ERROR", sqlState, message, detail, hint));
  }

  public static ErrorResponse fatal(ProtocolException e) {
    return fatal(e.sqlState(), e.message(), e.detail(), null);
  }

  static ErrorResponse decode(MessageReader body) {
    return new ErrorResponse(ResponseFields.decode(body));
  }

  @Override
  public byte type() {
    return TYPE;
  }
}
