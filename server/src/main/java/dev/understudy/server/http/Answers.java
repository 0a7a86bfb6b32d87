package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.server.operate.OperationException;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final String JSON = "application/json";

  /** After which what is not ready yet may be. */
  private static final String SOON = "2";

  private Answers() {}

  static void send(Reply reply, Context context) throws IOException, InterruptedException {
    context.status(reply.status());
    reply.headers().forEach(context::header);
    switch (reply.body()) {
      case Reply.Value(Object value) -> context.contentType(JSON).result(Json.write(value));
      case Reply.Text(String json) -> context.contentType(JSON).result(json.getBytes(UTF_8));
      case Reply.Plain(String contentType, String text) ->
          context.contentType(contentType).result(text.getBytes(UTF_8));
      case Reply.Nothing() -> {}
      case Reply.Stream(Reply.Writer writer) -> stream(writer, context);
    }
  }

  private static void stream(Reply.Writer writer, Context context)
      throws IOException, InterruptedException {
    HttpServletResponse response = context.res();
    response.setContentType("text/event-stream;charset=utf-8");
    response.setHeader("X-Accel-Buffering", "no"); // as reverse proxies understand it
    response.flushBuffer();
    if (!context.req().getMethod().equals("HEAD")) {
      try {
        writer.write(response.getOutputStream());
      } catch (IOException e) {
        LOG.debug("a stream of events ended: {}", e.toString());
      }
    }
  }

  static void send(ProblemException e, Context context) {
    SafetyHeaders.ALL.forEach(context::header);
    e.headers().forEach(context::header);
    context
        .status(e.problem().status())
        .contentType(Problem.MEDIA_TYPE)
        .result(Json.write(e.problem()));
  }

  /** That belong to a refusal. */
  static Map<String, String> headers(OperationException e) {
    return Statuses.of(e.sqlState()) == 503 ? Map.of("Retry-After", SOON) : Map.of();
  }
}
