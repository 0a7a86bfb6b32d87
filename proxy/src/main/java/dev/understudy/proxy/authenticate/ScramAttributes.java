package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import java.nio.charset.StandardCharsets;

/**
 * Reads the comma separated attributes of a SCRAM message, complaining in PostgreSQL's words.
 *
 * <p>Every byte is one character, so that what is signed is what was sent, whatever its encoding.
 */
final class ScramAttributes {
  /** What is found after the last character; a message cannot hold it. */
  private static final char END = '\0';

  private final String text;
  private int position;

  private ScramAttributes(String text) {
    this.text = text;
  }

  static ScramAttributes of(Bytes data) {
    String text = new String(data.toArray(), StandardCharsets.ISO_8859_1);
    if (text.isEmpty()) {
      throw malformed("The message is empty.");
    }
    if (text.indexOf(END) >= 0) {
      throw malformed("Message length does not match input length.");
    }
    return new ScramAttributes(text);
  }

  static ProtocolException malformed(String detail) {
    return new ProtocolException(SqlState.PROTOCOL_VIOLATION, "malformed SCRAM message", detail);
  }

  boolean hasMore() {
    return position < text.length();
  }

  char peek() {
    return hasMore() ? text.charAt(position) : END;
  }

  /** The next character as an error may show it. */
  String shown() {
    char c = peek();
    return c > ' ' && c <= '~' ? String.valueOf(c) : "0x%02x".formatted((int) c);
  }

  void skip() {
    position++;
  }

  void readComma() {
    if (peek() != ',') {
      throw malformed("Comma expected, but found character \"" + shown() + "\".");
    }
    skip();
  }

  /** Everything that has not been read. */
  String rest() {
    return text.substring(position);
  }

  /** Everything that has been read, without the comma after it. */
  String consumed() {
    int end = position > 0 && text.charAt(position - 1) == ',' ? position - 1 : position;
    return text.substring(0, end);
  }

  /** Reads the value of the attribute that must come next. */
  String readValue(char attribute) {
    if (peek() != attribute) {
      throw malformed("Expected attribute \"" + attribute + "\" but found \"" + shown() + "\".");
    }
    return readAfterName(attribute);
  }

  /** Reads over the next attribute, whichever it is. */
  void readAny() {
    char attribute = peek();
    if (attribute == END) {
      throw malformed("Attribute expected, but found end of string.");
    }
    boolean isLetter =
        (attribute >= 'a' && attribute <= 'z') || (attribute >= 'A' && attribute <= 'Z');
    if (!isLetter) {
      throw malformed("Attribute expected, but found invalid character \"" + shown() + "\".");
    }
    readAfterName(attribute);
  }

  private String readAfterName(char attribute) {
    skip();
    if (peek() != '=') {
      throw malformed("Expected character \"=\" for attribute \"" + attribute + "\".");
    }
    skip();
    int comma = text.indexOf(',', position);
    int end = comma < 0 ? text.length() : comma;
    String value = text.substring(position, end);
    position = comma < 0 ? end : comma + 1;
    return value;
  }
}
