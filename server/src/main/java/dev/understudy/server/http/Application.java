package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.operate.OperationException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.servlet.JavalinServlet;
import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routes as a servlet: who asks is let in or not, the request is read, the endpoint answers, and
 * whatever goes wrong becomes a problem.
 */
final class Application {
  private static final Logger LOG = LoggerFactory.getLogger(Application.class);

  /** Attribute of a request. */
  private static final String ACTOR = "actor";

  private final List<Route> routes;
  private final Doorkeeper doorkeeper;
  private final RefusedRequests refused;
  private final Duration patience;

  /**
   * @param patience in which a body has to arrive
   */
  Application(
      List<Route> routes, Doorkeeper doorkeeper, RefusedRequests refused, Duration patience) {
    this.patience = requireNonNull(patience, "patience is null");
    this.routes = List.copyOf(routes);
    this.doorkeeper = requireNonNull(doorkeeper, "doorkeeper is null");
    this.refused = requireNonNull(refused, "refused is null");
  }

  /** Without the WebSockets that Javalin's own would bring. */
  Servlet servlet() {
    return new JavalinServlet(Javalin.create(this::configure).unsafe);
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE; // answers hold what others chose
    config.http.prefer405over404 = true;
    config.http.generateEtags = false;
    config.router.treatMultipleSlashesAsSingleSlash = false;
    config.router.ignoreTrailingSlashes = false;
    config.routes.before(this::begin);
    for (Route route : routes) {
      config.routes.addHttpHandler(
          HandlerType.findOrCreate(route.method()),
          route.path(),
          context -> answer(route, context));
      if (route.method().equals("GET")) {
        config.routes.addHttpHandler(
            HandlerType.HEAD, route.path(), context -> answer(route, context));
      }
    }
    config.routes.exception(OperationException.class, this::refuse);
    config.routes.exception(ProblemException.class, this::refuse);
    config.routes.exception(HttpResponseException.class, this::refuse);
    config.routes.exception(Exception.class, this::fail);
  }

  /** Before anybody learns what there is. */
  private void begin(Context context) throws InterruptedException {
    SafetyHeaders.ALL.forEach(context::header);
    boolean isOpen =
        routes.stream().anyMatch(route -> route.isOpen() && route.covers(context.path()));
    if (!isOpen) {
      doorkeeper.requireOwnSite(context.req());
      context.attribute(ACTOR, doorkeeper.admit(context.req()));
    }
  }

  private void answer(Route route, Context context) throws Exception {
    Call call = new Call(context, context.attribute(ACTOR), patience);
    call.requireKnown(route.query());
    Answers.send(route.endpoint().answer(call), context);
  }

  private void refuse(ProblemException e, Context context) {
    refused.tell(e.problem(), context.req(), context.attribute(ACTOR) != null);
    Answers.send(e, context);
  }

  private void refuse(OperationException e, Context context) {
    refuse(new ProblemException(Problem.of(e), Answers.headers(e)), context);
  }

  /** What Javalin itself refuses. */
  private void refuse(HttpResponseException e, Context context) {
    Problem problem =
        switch (e.getStatus()) {
          case 404 ->
              Problem.of(
                  404, "42704", "there is nothing at this path", null, "/openapi.json has all.");
          case 405 -> Problem.of(405, "0A000", "this path does not take this method", null, null);
          case 413 -> Problem.of(413, "54000", "the body is too long", null, null);
          default ->
              Problem.of(
                  e.getStatus(),
                  e.getStatus() < 500 ? "08P01" : "58000",
                  "the request cannot be answered",
                  null,
                  null);
        };
    Map<String, String> headers =
        e.getStatus() == 405 ? Map.of("Allow", methods(context.path())) : Map.of();
    refuse(new ProblemException(problem, headers), context);
  }

  private String methods(String path) {
    return routes.stream()
        .filter(route -> route.covers(path))
        .map(Route::method)
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private void fail(Exception e, Context context) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof OperationException operation) {
      refuse(operation, context);
      return;
    }
    if (cause instanceof InterruptedException) {
      refuse(OperationException.of("57P01", "Understudy is shutting down", null, null), context);
      return;
    }
    LOG.error("{} {} could not be answered", context.method(), context.path(), cause);
    refuse(
        OperationException.of(
            "58000", "the request failed", null, "The log of Understudy has the reason."),
        context);
  }
}
