package dev.understudy.server.http;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What is answered while the daemon starts: that it lives, and that it is not ready. */
final class Entrance extends Handler.Abstract.NonBlocking {
  private static final Problem STARTING =
      Problem.of(
          503, "57P03", "Understudy is starting up", null, "Try again when /readyz answers 200.");

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (Request.getPathInContext(request).equals(Health.ALIVE)) {
      write(response, callback, 200, "application/json", Json.write(Map.of("status", "alive")));
    } else {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "2");
      write(response, callback, 503, Problem.MEDIA_TYPE, Json.write(STARTING));
    }
    return true;
  }

  private static void write(
      Response response, Callback callback, int status, String type, byte[] body) {
    SafetyHeaders.ALL.forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
