package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** One request of somebody who has been let in. Not for several threads. */
public final class Call {
  /** Of a body; those that there are have some hundred bytes. */
  static final int MOST_BYTES = 64 << 10;

  private static final String INVALID_VALUE = "22023";

  private final Context context;
  private final @Nullable Actor actor;

  private final Duration patience;

  /**
   * @param patience in which the body has to arrive
   */
  Call(Context context, @Nullable Actor actor, Duration patience) {
    this.patience = requireNonNull(patience, "patience is null");
    this.context = requireNonNull(context, "context is null");
    this.actor = actor;
  }

  /** Who asks; not for routes that need no token. */
  public Actor actor() {
    return requireNonNull(actor, "actor is null");
  }

  /** What stands in the place of {@code {name}} in the route's path. */
  public String path(String name) {
    return context.pathParam(name);
  }

  /** Address and port that the request came from. */
  public String from() {
    return "/" + context.req().getRemoteAddr() + ":" + context.req().getRemotePort();
  }

  /** Host and port that the client takes this server for. */
  public String host() {
    return requireNonNull(context.req().getHeader("Host"), "host is null");
  }

  /** Null: it is not there. */
  public @Nullable String header(String name) {
    return context.header(name);
  }

  /** A parameter of the query; null: it is not there. */
  public @Nullable String query(String name) {
    return context.queryParam(name);
  }

  public boolean flag(String name) {
    String text = query(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (!text.equals("true")) {
      throw invalid("parameter \"" + name + "\" is neither true nor false");
    }
    return true;
  }

  public int number(String name, int otherwise, int least, int most) {
    String text = query(name);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("\\d{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw invalid(
        "parameter \"%s\" is not a whole number from %d to %d".formatted(name, least, most));
  }

  /** A day, as ISO 8601 writes it; null: it is not there. */
  public @Nullable LocalDate day(String name) {
    String text = query(name);
    try {
      return text == null ? null : LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw invalid("parameter \"" + name + "\" is no day as 2026-01-31 is one");
    }
  }

  void requireKnown(Set<String> known) {
    String raw = context.queryString();
    if (raw != null && !isEncoded(raw)) {
      throw invalid("the query of the URL is not encoded as it must be");
    }
    Map<String, List<String>> parameters = context.queryParamMap();
    for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
      if (!known.contains(parameter.getKey())) {
        throw OperationException.of(
            INVALID_VALUE,
            "unknown parameter \"" + parameter.getKey() + "\"",
            null,
            known.isEmpty()
                ? "There are none here."
                : "Known here: " + String.join(", ", known.stream().sorted().toList()) + ".");
      }
      if (parameter.getValue().size() > 1) {
        throw invalid("parameter \"" + parameter.getKey() + "\" is there more than once");
      }
    }
  }

  /** By hand: a regular expression would need a stack as deep as the query is long. */
  private static boolean isEncoded(String query) {
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c < '!' || c > '~') {
        return false;
      }
      if (c == '%') {
        if (i + 2 >= query.length()
            || !HexFormat.isHexDigit(query.charAt(i + 1))
            || !HexFormat.isHexDigit(query.charAt(i + 2))) {
          return false;
        }
        i += 2;
      }
    }
    return true;
  }

  /** How long the client waits for the end of what it asks for. */
  public Preference preference(Duration otherwise) {
    return Preference.of(Collections.list(context.req().getHeaders("Prefer")), otherwise);
  }

  /**
   * The body as an object.
   *
   * @param empty what no body stands for; null: there has to be one
   */
  public <T> T body(Class<T> type, @Nullable T empty) throws IOException {
    byte[] bytes = bytes(MOST_BYTES);
    if (bytes.length == 0) {
      if (empty == null) {
        throw invalid("the body is missing");
      }
      return empty;
    }
    String mediaType = String.valueOf(context.req().getContentType()).toLowerCase(Locale.ROOT);
    if (!mediaType.matches("application/json(\\s*;\\s*charset\\s*=\\s*\"?utf-8\"?)?\\s*")
        || context.header("Content-Encoding") != null) {
      throw new ProblemException(
          Problem.of(
              415,
              "0A000",
              "the body is not application/json",
              null,
              "Send JSON in UTF-8, with Content-Type: application/json."),
          Map.of("Accept", "application/json"));
    }
    return Json.read(bytes, type);
  }

  /** Whether the body says of itself that it is no longer than those of other requests. */
  public boolean isShort() {
    long length = context.req().getContentLengthLong();
    return length >= 0 && length <= MOST_BYTES;
  }

  /** The body as it came, of so many bytes at most. */
  public byte[] bytes(int most) throws IOException {
    return bytes(most, patience);
  }

  /**
   * The same.
   *
   * @param within in which it has to arrive, silence included
   */
  public byte[] bytes(int most, Duration within) throws IOException {
    if (context.req().getContentLengthLong() > most) {
      throw tooLong(most);
    }
    EndPoint endPoint =
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    long usual = endPoint.getIdleTimeout();
    try {
      return bytes(most, System.nanoTime() + within.toNanos(), endPoint, usual);
    } finally {
      endPoint.setIdleTimeout(usual);
    }
  }

  private byte[] bytes(int most, long end, EndPoint endPoint, long usual) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    InputStream in = context.req().getInputStream();
    for (int read = 0; read >= 0; read = read(in, part)) {
      bytes.write(part, 0, read);
      if (bytes.size() > most) {
        throw tooLong(most);
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw incomplete(408, "the request did not arrive in time");
      }
      endPoint.setIdleTimeout(Math.min(usual, left));
    }
    return bytes.toByteArray();
  }

  /** That it breaks off, or does not come in the chunks that it should, is not our failure. */
  private static int read(InputStream in, byte[] part) {
    try {
      return in.read(part);
    } catch (IOException | HttpException.RuntimeException e) {
      throw e.getCause() instanceof TimeoutException
          ? incomplete(408, "the request did not arrive in time")
          : incomplete(400, "the body did not arrive whole");
    }
  }

  private static ProblemException incomplete(int status, String title) {
    return new ProblemException(
        Problem.of(status, "08P01", title, null, null), Map.of("Connection", "close"));
  }

  private static OperationException tooLong(int most) {
    return OperationException.of(
        "54000", "the body is too long", most + " bytes are allowed.", null);
  }

  /** Of a value that cannot be meant. */
  public static OperationException invalid(String message) {
    return OperationException.of(INVALID_VALUE, message, null, null);
  }
}
