package dev.understudy.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client of the API. Every answer that it gets is held against the OpenAPI document. */
final class Client {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Description description;
  private final String base;
  private final @Nullable String token;

  Client(Description description, String base, @Nullable String token) {
    this.description = description;
    this.base = base;
    this.token = token;
  }

  Client with(@Nullable String other) {
    return new Client(description, base, other);
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, null, headers);
  }

  HttpResponse<String> post(String path, @Nullable String body, String... headers)
      throws IOException, InterruptedException {
    return send("POST", path, body, headers);
  }

  /**
   * Sends a request.
   *
   * @param body JSON; null: none
   * @param headers names and values in turn
   */
  HttpResponse<String> send(String method, String path, @Nullable String body, String... headers)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    description.assertCovers(method, path, response);
    return response;
  }

  HttpRequest request(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  HttpClient http() {
    return http;
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }
}
