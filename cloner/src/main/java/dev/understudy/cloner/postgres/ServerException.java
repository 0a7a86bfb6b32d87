package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import java.io.IOException;

/** A server could not be started. */
public final class ServerException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String logTail;

  /**
   * @param message what went wrong, one line
   * @param logTail the last lines of the server's log of this start, perhaps empty
   */
  public ServerException(String message, String logTail) {
    super(requireNonNull(message, "message is null"));
    this.logTail = requireNonNull(logTail, "logTail is null");
  }

  /**
   * Its sandbox could not be made, or has ended before its time.
   *
   * @param log has the words of what makes it
   */
  static ServerException of(IOException failure, LogTail log) {
    String message = failure.getMessage();
    return new ServerException(message == null ? failure.toString() : message, log.read());
  }

  public String logTail() {
    return logTail;
  }
}
