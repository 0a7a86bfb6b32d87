package dev.understudy.server.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.server.CommandException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the HTTP API of a daemon. What takes long is waited for however long it takes; whoever is
 * interrupted gives up the wait, and what was begun goes on. Not for several threads.
 */
public final class ApiClient implements AutoCloseable {
  private static final String ROOT = "/api/v1";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** For an answer: longer than the daemon keeps anybody waiting who says so. */
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** As long as nothing is shown; then the wait is. */
  private static final String PREFERENCE = "wait=1";

  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  private static final int FIRST_FAILURE = 300;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  private final ApiAddress address;
  private final Waiting waiting;
  private final HttpClient http;

  /**
   * A client that has not connected yet.
   *
   * @param waiting shown while what takes long does
   */
  public ApiClient(ApiAddress address, Waiting waiting) throws CommandException {
    this.address = requireNonNull(address, "address is null");
    this.waiting = requireNonNull(waiting, "waiting is null");
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (address.authority() != null) {
      builder.sslContext(Trust.in(address.authority()));
    }
    this.http = builder.build();
  }

  /** A segment of a path, or a value of a query. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /**
   * What is at a path.
   *
   * @param path below the root of the API
   */
  public JsonNode get(String path) throws CommandException, InterruptedException {
    return json(required(send("GET", ROOT + path, null)));
  }

  /** What is at a path; empty if there is nothing. */
  public Optional<JsonNode> find(String path) throws CommandException, InterruptedException {
    HttpResponse<String> response = send("GET", ROOT + path, null);
    return response.statusCode() == NOT_FOUND
        ? Optional.empty()
        : Optional.of(json(required(response)));
  }

  /**
   * All items of a list.
   *
   * @param path without a limit and a cursor
   */
  public List<JsonNode> list(String path) throws CommandException, InterruptedException {
    List<JsonNode> items = new ArrayList<>();
    String separator = path.contains("?") ? "&" : "?";
    String next = path + separator + "limit=1000";
    while (next != null) {
      JsonNode page = get(next);
      page.path("items").forEach(items::add);
      JsonNode cursor = page.path("next_cursor");
      next =
          cursor.isTextual()
              ? path + separator + "limit=1000&cursor=" + encoded(cursor.textValue())
              : null;
    }
    return items;
  }

  /**
   * Has something done, and waits for its end.
   *
   * @param body null: none
   */
  public void change(String method, String path, @Nullable JsonNode body)
      throws CommandException, InterruptedException {
    JsonNode task = end(required(send(method, ROOT + path, body)));
    requireDone(task);
  }

  /**
   * Has something made, and waits until it is there.
   *
   * @return false if another made it
   */
  public boolean make(String path, JsonNode body) throws CommandException, InterruptedException {
    HttpResponse<String> response = required(send("POST", ROOT + path, body));
    JsonNode task = end(response);
    requireDone(task);
    return response.statusCode() == CREATED || task.path("created").asBoolean();
  }

  /**
   * Removes something, what is being made as soon as it is there.
   *
   * @return false if there is nothing
   */
  public boolean remove(String path) throws CommandException, InterruptedException {
    HttpResponse<String> response = send("DELETE", ROOT + path, null);
    if (response.statusCode() == NOT_FOUND) {
      return false;
    }
    JsonNode task = end(required(response));
    if (task.path("problem").path("status").asInt() == NOT_FOUND) {
      return false;
    }
    requireDone(task);
    return true;
  }

  /** The task that an answer leads to, when it is over; nothing where it leads to none. */
  private JsonNode end(HttpResponse<String> response)
      throws CommandException, InterruptedException {
    if (response.statusCode() != ACCEPTED) {
      return MissingNode.getInstance();
    }
    String task = response.headers().firstValue("Location").orElse("");
    try (CopyWatch copies = waiting.isShown() ? watchCopies() : null) {
      return awaitEnd(task, copies);
    } finally {
      waiting.end();
    }
  }

  private static void requireDone(JsonNode task) throws CommandException {
    if (task.path("state").asText().equals("failed")) {
      throw failure(task.path("problem"));
    }
  }

  private CopyWatch watchCopies() {
    return new CopyWatch(http, request(ROOT + "/events").timeout(ANSWER).build());
  }

  private JsonNode awaitEnd(String task, @Nullable CopyWatch copies)
      throws CommandException, InterruptedException {
    while (true) {
      JsonNode state = json(required(send("GET", task, null)));
      switch (state.path("state").asText()) {
        case "done", "failed" -> {
          return state;
        }
        default -> {
          String subject = state.path("subject").asText();
          waiting.tick(
              state.path("operation").asText() + " " + subject,
              copies == null ? null : copies.of(state.path("source").asText("")));
          Thread.sleep(LOOK_AGAIN);
        }
      }
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable JsonNode body)
      throws CommandException, InterruptedException {
    BodyPublisher publisher =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
    HttpRequest.Builder request =
        request(path).timeout(ANSWER).header("Prefer", PREFERENCE).method(method, publisher);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address.uri() + path))
        .header("Authorization", "Bearer " + address.token().value());
  }

  private CommandException unreachable(IOException e) {
    String where = "the HTTP API at " + address.uri();
    return switch (e) {
      case ConnectException _ ->
          new CommandException(
              "cannot connect to " + where,
              "Is the daemon running? --api, UNDERSTUDY_API or -c FILE says where it is.",
              e);
      case HttpTimeoutException _ -> new CommandException(where + " does not answer", null, e);
      case SSLException _ ->
          new CommandException(
              where + " is not trusted: " + e.getMessage(),
              "--authority FILE names the certificate that it is verified by.",
              e);
      default -> new CommandException("lost " + where + ": " + e.getMessage(), null, e);
    };
  }

  private HttpResponse<String> required(HttpResponse<String> response) throws CommandException {
    if (response.statusCode() < FIRST_FAILURE) {
      return response;
    }
    JsonNode problem = json(response);
    if (response.statusCode() == UNAUTHORIZED) {
      throw new CommandException(
          problem.path("title").asText("the token is not known there"),
          "--token-file FILE or UNDERSTUDY_TOKEN gives another.",
          null);
    }
    throw failure(problem);
  }

  private static CommandException failure(JsonNode problem) {
    String title = problem.path("title").asText("the daemon gave no reason");
    JsonNode detail = problem.path("detail");
    return new CommandException(
        detail.isTextual() ? title + "\ndetail: " + detail.textValue() : title,
        problem.path("hint").isTextual() ? problem.path("hint").textValue() : null,
        null);
  }

  private JsonNode json(HttpResponse<String> response) throws CommandException {
    if (response.body().isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new CommandException(
          address.uri()
              + " answers, but not as Understudy does (status "
              + response.statusCode()
              + ")",
          "Is that its http.port, and not listen.port?",
          e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
