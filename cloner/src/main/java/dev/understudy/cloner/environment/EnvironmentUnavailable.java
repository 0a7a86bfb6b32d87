package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why there is no server for a session, in words that a client may read. */
public final class EnvironmentUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of obstacle it is; decides the SQLSTATE. */
  public enum Kind {
    /** No policy covers the name. */
    UNKNOWN_ENVIRONMENT("3D000"),
    /** An environment of that name exists. */
    EXISTS("42710"),
    /** The environment would be made, but without such a database in it. */
    UNKNOWN_DATABASE("3D000"),
    /** The source has no snapshot yet. */
    NO_SNAPSHOT("57P03"),
    /** As many as may exist, or run, do. */
    LIMIT("53400"),
    /** The pool is nearly full. */
    STORAGE_FULL("53100"),
    /** The clone could not be made or started. */
    FAILED("58000"),
    /** It is not the one any more whose role the client is, or would not be. */
    REPLACED("28000"),
    /** Somebody is in the middle of something in it. */
    IN_USE("55006"),
    /** It is not such that this could be done to it. */
    NOT_IN_STATE("55000"),
    /** There is no such snapshot. */
    UNKNOWN_SNAPSHOT("42704"),
    /** It was asked for with words that contradict each other or the settings. */
    INVALID("22023"),
    /** The daemon is shutting down. */
    SHUTTING_DOWN("57P01");

    private final String sqlState;

    Kind(String sqlState) {
      this.sqlState = sqlState;
    }

    public String sqlState() {
      return sqlState;
    }
  }

  private final Kind kind;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public EnvironmentUnavailable(
      Kind kind,
      String message,
      @Nullable String detail,
      @Nullable String hint,
      @Nullable Throwable cause) {
    super(requireNonNull(message, "message is null"), cause);
    this.kind = requireNonNull(kind, "kind is null");
    this.detail = detail;
    this.hint = hint;
  }

  public Kind kind() {
    return kind;
  }

  public String sqlState() {
    return kind.sqlState();
  }

  public Optional<String> detail() {
    return Optional.ofNullable(detail);
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
