package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is answered.
 *
 * @param headers beside those that every answer has
 */
public record Reply(int status, Map<String, String> headers, Body body) {
  public Reply {
    headers = Map.copyOf(headers);
    requireNonNull(body, "body is null");
  }

  /** What follows the headers. */
  public sealed interface Body {}

  /** A value that becomes JSON. */
  public record Value(Object value) implements Body {
    public Value {
      requireNonNull(value, "value is null");
    }
  }

  /** JSON that is written already. */
  public record Text(String json) implements Body {
    public Text {
      requireNonNull(json, "json is null");
    }
  }

  /** A file of text, in UTF-8. */
  public record File(String mediaType, String content) implements Body {
    public File {
      requireNonNull(mediaType, "mediaType is null");
      requireNonNull(content, "content is null");
    }
  }

  /** A stream of events, which ends when its writer returns or the client goes. */
  public record Stream(Writer writer) implements Body {
    public Stream {
      requireNonNull(writer, "writer is null");
    }
  }

  /** Nothing. */
  public record Nothing() implements Body {}

  /** Writes until there is no more to come. Blocks. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Called once.
     *
     * @param out what is flushed reaches the client
     * @throws IOException when the client is gone, or does not read
     */
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  public static Reply ok(Object value) {
    return new Reply(200, Map.of(), new Value(value));
  }

  public static Reply of(int status, Object value) {
    return new Reply(status, Map.of(), new Value(value));
  }

  public static Reply nothing() {
    return new Reply(204, Map.of(), new Nothing());
  }

  public Reply with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Reply(status, more, body);
  }
}
