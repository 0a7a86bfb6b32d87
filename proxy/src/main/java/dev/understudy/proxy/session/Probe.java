package dev.understudy.proxy.session;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * What a client sends between transactions that is no use of the database: what connection pools
 * and GUIs send to see whether the connection lives, and what drivers set right after the login.
 * Only looked for in what comes in one small piece; everything else is use.
 */
final class Probe {
  /** The longest that is looked at; drivers' probes are below a hundred bytes. */
  private static final int LENGTH = 512;

  private static final int HEADER = 5;

  private static final Set<String> PINGS =
      Set.of("", "select 1", "select null", "-- ping", "/* ping */ select 1");

  private Probe() {}

  enum Kind {
    /** The client wants nothing. */
    PROBE,
    /** A prepared statement is executed: a probe if the answer says that it is empty. */
    PREPARED,
    USE
  }

  /** Does not move the buffer's indices. */
  static Kind of(ByteBuf bytes) {
    if (bytes.readableBytes() > LENGTH) {
      return Kind.USE;
    }
    boolean parsed = false;
    boolean bound = false;
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      int left = bytes.writerIndex() - at;
      int length = left < HEADER ? -1 : bytes.getInt(at + 1);
      if (length < 4 || length >= left) {
        return Kind.USE;
      }
      int body = at + HEADER;
      int end = at + 1 + length;
      switch (bytes.getByte(at)) {
        case 'Q' -> {
          if (!isQuiet(bytes, body, end)) {
            return Kind.USE;
          }
        }
        case 'P' -> {
          int name = bytes.indexOf(body, end, (byte) 0);
          if (name < 0 || parsed || !isQuiet(bytes, name + 1, end)) {
            return Kind.USE;
          }
          parsed = true;
        }
        case 'B' -> {
          if (bound) {
            return Kind.USE;
          }
          bound = true;
        }
        case 'D', 'E', 'S', 'H', 'X' -> {}
        default -> {
          return Kind.USE;
        }
      }
      at = end;
    }
    return bound && !parsed ? Kind.PREPARED : Kind.PROBE;
  }

  private static boolean isQuiet(ByteBuf bytes, int from, int end) {
    int zero = bytes.indexOf(from, end, (byte) 0);
    if (zero < 0) {
      return false;
    }
    String text =
        bytes
            .toString(from, zero - from, StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT)
            .strip();
    String statement = text.endsWith(";") ? text.substring(0, text.length() - 1).strip() : text;
    return PINGS.contains(statement)
        || ((statement.startsWith("set ") || statement.startsWith("show "))
            && statement.indexOf(';') < 0);
  }
}
