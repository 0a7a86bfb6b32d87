package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty itself refuses, before anything of ours hears of it: as a problem, not as a page. */
final class ProblemPages extends ErrorHandler {
  private final RefusedRequests refused;

  ProblemPages(RefusedRequests refused) {
    this.refused = requireNonNull(refused, "refused is null");
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    int status = isOfTheClient(code) ? 400 : code;
    refused.count(status);
    response.setStatus(status);
    fill(response.getHeaders());
    response.write(true, ByteBuffer.wrap(problem(status)), callback);
  }

  /**
   * Methods, versions and codings that HTTP does not have: who watches this server looks for its
   * own failures in 5xx.
   */
  private static boolean isOfTheClient(int code) {
    return code == 501 || code == 505;
  }

  private static void fill(HttpFields.Mutable fields) {
    SafetyHeaders.ALL.forEach((name, value) -> fields.put(name, value));
    fields.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
  }

  /** Without Jetty's words, which repeat what the client sent. */
  private static byte[] problem(int status) {
    String title =
        switch (status) {
          case 408 -> "the request did not arrive in time";
          case 413, 414, 431 -> "the request is too long";
          default ->
              status < 500 ? "the request is not valid HTTP" : "the request cannot be answered";
        };
    return Json.write(Problem.of(status, status < 500 ? "08P01" : "58000", title, null, null));
  }
}
