package dev.understudy.server.http;

import dev.understudy.proxy.listen.OccasionalWarning;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is answered with a problem, and warns of what somebody may have to look after:
 * deliveries of forges, and clients that are not let in. Nothing that they have sent but the path
 * is written. Thread-safe.
 */
final class RefusedRequests {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedRequests.class);
  private static final int MOST_CHARACTERS = 100;

  private final ConcurrentMap<Integer, Long> byStatus = new ConcurrentHashMap<>();
  private final OccasionalWarning deliveries =
      new OccasionalWarning(LOG, "A delivery to a webhook was refused");
  private final OccasionalWarning clients =
      new OccasionalWarning(LOG, "A client of the HTTP API was not let in");

  /** Something was answered with this status, whoever asked for it. */
  void count(int status) {
    byStatus.merge(status, 1L, Long::sum);
  }

  /**
   * A request was answered with a problem.
   *
   * @param admitted who asked has been let in
   */
  void tell(Problem problem, HttpServletRequest request, boolean admitted) {
    count(problem.status());
    if (request.getRequestURI().startsWith(Route.WEBHOOKS + "/")) {
      deliveries.happened(description(problem, request));
    } else if (!admitted && isOfDoorkeeper(problem.status(), request)) {
      clients.happened(description(problem, request));
    }
  }

  /** But for browsers and probes without a token, which are told to show one. */
  private static boolean isOfDoorkeeper(int status, HttpServletRequest request) {
    return status == 401
        ? request.getHeader("Authorization") != null
        : status == 403 || status == 421 || status == 429;
  }

  /** The path is as it was sent: line breaks in it are escaped. */
  private static String description(Problem problem, HttpServletRequest request) {
    String path = request.getRequestURI();
    return "%s %s from %s: %d, %s%s"
        .formatted(
            request.getMethod(),
            path.length() > MOST_CHARACTERS ? path.substring(0, MOST_CHARACTERS) + "..." : path,
            request.getRemoteAddr(),
            problem.status(),
            problem.title(),
            problem.detail() == null ? "" : ": " + problem.detail());
  }

  /** How many have been answered with each status that there was. */
  Map<Integer, Long> counts() {
    return Map.copyOf(byStatus);
  }
}
