package dev.understudy.protocol.startup;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the name and value pairs of a startup message, which must fill the packet exactly. */
final class StartupParameters {
  private final byte[] packet;
  private int offset;

  private StartupParameters(Bytes packet) {
    this.packet = packet.toArray();
  }

  static Map<String, String> decode(Bytes packet) {
    return new StartupParameters(packet).decode();
  }

  private Map<String, String> decode() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String name = next(); !name.isEmpty(); name = next()) {
      parameters.put(name, next());
    }
    if (offset != packet.length) {
      throw invalidLayout();
    }
    return parameters;
  }

  private String next() {
    int end = offset;
    while (end < packet.length && packet[end] != 0) {
      end++;
    }
    if (end == packet.length) {
      throw invalidLayout();
    }
    ByteBuffer text = ByteBuffer.wrap(packet, offset, end - offset);
    offset = end + 1;
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      // Names are compared with those of the snapshot, so they must be readable; a replacement
      // character would make two different names one.
      throw new ProtocolException(
          SqlState.CHARACTER_NOT_IN_REPERTOIRE,
          "invalid byte sequence for encoding \"UTF8\" in startup packet",
          null);
    }
  }

  private static ProtocolException invalidLayout() {
    return new ProtocolException("invalid startup packet layout: expected terminator as last byte");
  }
}
