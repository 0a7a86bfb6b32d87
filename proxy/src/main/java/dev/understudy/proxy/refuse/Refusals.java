package dev.understudy.proxy.refuse;

import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.environment.EnvironmentException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;

/** The refusals that the proxy itself comes up with. */
public final class Refusals {
  private static final String QUERY_CANCELED = "57014";

  private Refusals() {}

  public static ErrorResponse shuttingDown() {
    return ErrorResponse.fatal(
        SqlState.ADMIN_SHUTDOWN,
        "terminating connection due to administrator command",
        "Understudy is shutting down.",
        "Connect again once it is back; environments are kept.");
  }

  /** For who comes while the others leave; libpq then tries the next host, if it was given more. */
  public static ErrorResponse lettingNobodyIn() {
    return ErrorResponse.fatal(
        SqlState.CANNOT_CONNECT_NOW,
        "the database system is shutting down",
        "Understudy is shutting down.",
        "Connect again once it is back; environments are kept.");
  }

  /** For a session that was quiet when its environment's server was stopped. */
  public static ErrorResponse serverWasStopped(String environment) {
    return ErrorResponse.fatal(
        SqlState.ADMIN_SHUTDOWN,
        "terminating connection due to administrator command",
        "The session was idle when the server of environment \""
            + environment
            + "\" was stopped: it went to sleep, or was refreshed, reset or dropped.",
        "Connect again; that wakes it.");
  }

  /** For a session that an administrator wants to end. */
  public static ErrorResponse killed() {
    return ErrorResponse.fatal(
        SqlState.ADMIN_SHUTDOWN,
        "terminating connection due to administrator command",
        "An administrator of Understudy ended the session.",
        "Connect again if that is all right; the environment is kept.");
  }

  public static ErrorResponse authenticationTimeout() {
    return ErrorResponse.fatal(
        QUERY_CANCELED, "canceling authentication due to timeout", null, null);
  }

  public static ErrorResponse tooManySessions(int max) {
    return ErrorResponse.fatal(
        SqlState.TOO_MANY_CONNECTIONS,
        "sorry, too many clients already",
        "All " + max + " sessions of Understudy are in use.",
        "Close some, or raise listen.max-connections.");
  }

  public static ErrorResponse tooManyArrivals() {
    return ErrorResponse.fatal(
        SqlState.TOO_MANY_CONNECTIONS,
        "sorry, too many clients already",
        "Too many connections wait to be authenticated.",
        "Connect again in a moment.");
  }

  /** Somebody connects without the load balancer that clients must come through. */
  public static ErrorResponse notASender(SocketAddress address) {
    String host =
        address instanceof InetSocketAddress inet
            ? inet.getAddress().getHostAddress()
            : address.toString();
    return ErrorResponse.fatal(
        SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
        "connections from address \"" + host + "\" are not accepted",
        "Clients come through a load balancer here (listen.proxy-protocol = required), and this"
            + " address is none of listen.proxy-protocol-senders.",
        "Connect to the load balancer.");
  }

  /** What a load balancer ought to have sent is not there, or cannot be read. */
  public static ErrorResponse noProxyHeader(String why) {
    return ErrorResponse.fatal(
        SqlState.PROTOCOL_VIOLATION,
        why,
        "Clients come through a load balancer here (listen.proxy-protocol = required).",
        "Connect to the load balancer, and have it send version 2 of the PROXY protocol.");
  }

  public static ErrorResponse tlsRequired() {
    return ErrorResponse.fatal(
        SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
        "connections without TLS are not accepted",
        null,
        "Connect with sslmode=require, or better with sslmode=verify-full.");
  }

  /** A right password is not looked at either. */
  public static ErrorResponse tooManyFailures(Duration retryAfter) {
    return ErrorResponse.fatal(
        SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
        "too many failed authentications from this address",
        "The password of this connection was not looked at.",
        "Mend the password wherever it is wrong, and connect again in "
            + retryAfter.plusSeconds(1).minusNanos(1).toSeconds()
            + " s.");
  }

  /** Something of ours is broken; what, is in the log. */
  public static ErrorResponse internalError() {
    return ErrorResponse.fatal(
        SqlState.SYSTEM_ERROR, "internal error", null, "The log of Understudy has more.");
  }

  public static ErrorResponse waitCancelled(String environment) {
    return ErrorResponse.fatal(
        QUERY_CANCELED,
        "canceling connection due to user request",
        "The session was waiting for environment \""
            + environment
            + "\"; the work on that goes on.",
        "Connect again when it is wanted.");
  }

  public static ErrorResponse stillBeingMade(String environment, Duration waited) {
    return ErrorResponse.fatal(
        SqlState.CANNOT_CONNECT_NOW,
        "environment \"" + environment + "\" is still being made",
        "Waited " + seconds(waited) + "; the work goes on.",
        "Connect again in a moment.");
  }

  public static ErrorResponse stillStarting(String environment, Duration waited) {
    return ErrorResponse.fatal(
        SqlState.CANNOT_CONNECT_NOW,
        "environment \"" + environment + "\" does not accept the session yet",
        "Its server has not finished the login after " + seconds(waited) + ".",
        "Connect again in a moment.");
  }

  /** It may have as many processes as its settings, or the host, allow. */
  public static ErrorResponse noProcess(String environment, String said) {
    return ErrorResponse.fatal(
        SqlState.TOO_MANY_CONNECTIONS,
        "environment \"" + environment + "\" has no process left for the session",
        "Its server says: " + said,
        "Close other sessions of it, or raise \"processes\" in its settings.");
  }

  /** The server of an environment that ought to run does not do its part. */
  public static ErrorResponse serverFailed(String environment, String detail) {
    return ErrorResponse.fatal(
        SqlState.SYSTEM_ERROR,
        "the server of environment \"" + environment + "\" failed",
        detail,
        "Connect again; if it stays like this, its log says why.");
  }

  public static ErrorResponse of(EnvironmentException exception) {
    return ErrorResponse.fatal(
        exception.sqlState(), message(exception), exception.detail(), exception.hint());
  }

  private static String message(EnvironmentException exception) {
    String message = exception.getMessage();
    return message == null ? "the environment is not available" : message;
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
