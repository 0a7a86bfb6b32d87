package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.understudy.server.operate.OperationException;
import org.jspecify.annotations.Nullable;

/**
 * Why something was not done, as RFC 9457 wants it told, in the words of the console.
 *
 * @param title what PostgreSQL calls the message
 * @param detail and the DETAIL
 */
@JsonInclude(Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    @Nullable String detail,
    String sqlstate,
    @Nullable String hint) {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String TYPE = "urn:understudy:sqlstate:";

  public Problem {
    requireNonNull(type, "type is null");
    requireNonNull(title, "title is null");
    requireNonNull(sqlstate, "sqlstate is null");
  }

  /** Of what an operation failed with. */
  public static Problem of(OperationException e) {
    return of(
        Statuses.of(e.sqlState()),
        e.sqlState(),
        String.valueOf(e.getMessage()),
        e.detail(),
        e.hint());
  }

  /** Of something that only HTTP knows, or that HTTP has a better status for. */
  static Problem of(
      int status, String code, String title, @Nullable String detail, @Nullable String hint) {
    return new Problem(TYPE + code, title, status, detail, code, hint);
  }
}
