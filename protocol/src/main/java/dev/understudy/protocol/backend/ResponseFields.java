package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;

import dev.understudy.protocol.MessageReader;
import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that ErrorResponse and NoticeResponse share, keyed by their one letter codes. */
final class ResponseFields {
  static final char SEVERITY = 'S';
  static final char SEVERITY_NOT_LOCALIZED = 'V';
  static final char SQL_STATE = 'C';
  static final char MESSAGE = 'M';
  static final char DETAIL = 'D';
  static final char HINT = 'H';

  private ResponseFields() {}

  static Map<Character, String> of(
      String severity,
      String sqlState,
      String message,
      @Nullable String detail,
      @Nullable String hint) {
    Map<Character, String> fields = new LinkedHashMap<>();
    fields.put(SEVERITY, severity);
    fields.put(SEVERITY_NOT_LOCALIZED, severity);
    fields.put(SQL_STATE, sqlState);
    fields.put(MESSAGE, message);
    if (detail != null) {
      fields.put(DETAIL, detail);
    }
    if (hint != null) {
      fields.put(HINT, hint);
    }
    return fields;
  }

  static Map<Character, String> copy(Map<Character, String> fields) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static Map<Character, String> decode(MessageReader body) {
    Map<Character, String> fields = new LinkedHashMap<>();
    for (byte code = body.readByte(); code != 0; code = body.readByte()) {
      fields.put((char) (code & 0xFF), body.readString());
    }
    body.end();
    return fields;
  }

  /** A zero inside a text (a detail may quote a server's log) is left out. */
  static void encode(Map<Character, String> fields, ByteBuf out) {
    fields.forEach((code, text) -> {
      out.writeByte(code);
      writeString(out, text.replace("\0", ""));
    });
    out.writeByte(0);
  }
}
