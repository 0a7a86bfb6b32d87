package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.server.http.page.PageFile;
import dev.understudy.server.http.page.PageFiles;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What is answered while the daemon starts: that it lives, and that it is not ready. The page is
 * there already, and says so.
 */
final class Entrance extends Handler.Abstract.NonBlocking {
  private static final Problem STARTING =
      Problem.of(
          503, "57P03", "Understudy is starting up", null, "Try again when /readyz answers 200.");

  private final PageFiles page = new PageFiles();

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = Request.getPathInContext(request);
    Optional<PageFile> file = page.find(path);
    if (file.isPresent() && HttpMethod.GET.is(request.getMethod())) {
      write(response, callback, file.get());
    } else if (path.equals(Health.ALIVE)) {
      write(response, callback, 200, "application/json", Json.write(Map.of("status", "alive")));
    } else {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "2");
      write(response, callback, 503, Problem.MEDIA_TYPE, Json.write(STARTING));
    }
    return true;
  }

  private static void write(Response response, Callback callback, PageFile file) {
    HttpFields.Mutable headers = response.getHeaders();
    SafetyHeaders.ALL.forEach((name, value) -> headers.put(name, value));
    file.headers().forEach((name, value) -> headers.put(name, value));
    headers.put(HttpHeader.CONTENT_TYPE, file.mediaType());
    response.setStatus(200);
    response.write(true, ByteBuffer.wrap(file.content().getBytes(UTF_8)), callback);
  }

  private static void write(
      Response response, Callback callback, int status, String type, byte[] body) {
    SafetyHeaders.ALL.forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
