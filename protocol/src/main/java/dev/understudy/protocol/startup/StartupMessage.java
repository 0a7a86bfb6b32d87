package dev.understudy.protocol.startup;

import static dev.understudy.protocol.MessageWriter.writeString;

import io.netty.buffer.ByteBuf;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens a session.
 *
 * @param parameters in the order of the packet; of one given twice the later value counts, as in
 *     PostgreSQL
 */
public record StartupMessage(int major, int minor, Map<String, String> parameters)
    implements StartupPacket {

  public StartupMessage {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The role name as the client gave it; never empty in a message that was decoded. */
  public String user() {
    return parameters.getOrDefault("user", "");
  }

  /** The database as the client gave it; defaults to the user name, as in PostgreSQL. */
  public String database() {
    String database = parameters.getOrDefault("database", "");
    return database.isEmpty() ? user() : database;
  }

  public @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  @Override
  public void encode(ByteBuf out) {
    int start = out.writerIndex();
    out.writeInt(0).writeShort(major).writeShort(minor);
    parameters.forEach((name, value) -> {
      writeString(out, name);
      writeString(out, value);
    });
    out.writeByte(0);
    out.setInt(start, out.writerIndex() - start);
  }
}
