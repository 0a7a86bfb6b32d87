package dev.understudy.protocol.backend;

import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.SqlState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something the client may want to know.
 *
 * @param fields by their one letter codes; from a server any of them may be missing
 */
public record NoticeResponse(Map<Character, String> fields) implements Report {
  static final byte TYPE = 'N';

  public NoticeResponse {
    fields = ResponseFields.copy(fields);
  }

  public static NoticeResponse notice(
      String message, @Nullable String detail, @Nullable String hint) {
    return new NoticeResponse(
        ResponseFields.of("NOTICE", SqlState.SUCCESSFUL_COMPLETION, message, detail, hint));
  }

  static NoticeResponse decode(MessageReader body) {
    return new NoticeResponse(ResponseFields.decode(body));
  }

  @Override
  public byte type() {
    return TYPE;
  }
}
