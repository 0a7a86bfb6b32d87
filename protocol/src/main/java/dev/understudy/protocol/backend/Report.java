package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server says in fields: an error or a notice. */
public sealed interface Report extends BackendMessage permits ErrorResponse, NoticeResponse {
  /** By their one letter codes; from a server any of them may be missing. */
  Map<Character, String> fields();

  default @Nullable String sqlState() {
    return fields().get(ResponseFields.SQL_STATE);
  }

  default @Nullable String message() {
    return fields().get(ResponseFields.MESSAGE);
  }

  default @Nullable String detail() {
    return fields().get(ResponseFields.DETAIL);
  }

  default @Nullable String hint() {
    return fields().get(ResponseFields.HINT);
  }

  @Override
  default void encodeBody(ByteBuf out) {
    ResponseFields.encode(fields(), out);
  }
}
