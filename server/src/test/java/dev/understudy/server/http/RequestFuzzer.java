package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes requests of the OpenAPI document that none of its routes can grant, and such requests with
 * some bytes changed. The same ones for the same seed. No name in them is one of an environment or
 * a source that there is.
 */
final class RequestFuzzer {
  private static final String NAME = "pr-none";
  private static final int MOST_DAMAGES = 4;

  /** What cannot be the rest of a path. */
  private static final List<String> SEGMENTS =
      List.of(
          "..",
          "%2e%2e",
          "..%2f..%2f..%2fetc%2fpasswd",
          "%00",
          "%0d%0aX:%20y",
          "a%2fb",
          "a%5cb",
          ";x",
          "a;b=c",
          "%",
          "%zz",
          "%c0%ae%c0%ae",
          "%ff",
          "%F0%9F%90%98",
          "\u00e9",
          "*",
          "{name}",
          "$%7Bjndi:ldap:x%7D",
          "'%20OR%201=1--",
          "<script>",
          "A".repeat(300),
          "a/".repeat(200),
          "x".repeat(9_000));

  private static final List<String> METHODS =
      List.of(
          "GET",
          "POST",
          "PUT",
          "DELETE",
          "PATCH",
          "OPTIONS",
          "TRACE",
          "PROPFIND",
          "QUERY",
          "get",
          "X");

  private static final List<String> QUERIES =
      List.of(
          "unknown=1",
          "limit=0&limit=1",
          "limit=-1",
          "limit=1001",
          "limit=99999999999999999999",
          "limit=%31%00",
          "limit=NaN",
          "cursor=***",
          "usage=maybe",
          "usage",
          "lines=10.5",
          "%zz=1",
          "%",
          "a=\u00e9",
          "limit[]=1",
          "x=" + "y".repeat(5_000));

  private final Random random;
  private final BodyFuzzer bodies;
  private final List<DocumentedOperation> operations = DocumentedOperation.all();
  private int wrongTokens = 3; // answers to more are kept back

  RequestFuzzer(long seed) {
    this.random = new Random(seed);
    this.bodies = new BodyFuzzer(random, NAME);
  }

  /** A request, as text of which each character is a byte. */
  private static final class Draft {
    String method;
    String target;
    String host = "Host: localhost\r\n";
    String authorization = "Authorization: Bearer " + ServedApi.ADMINISTRATOR + "\r\n";
    String more = "";
    String body = "";
    String length = "";

    Draft(DocumentedOperation operation) {
      method = operation.method();
      target = operation.path().replaceAll("\\{[a-z]+}", NAME);
    }

    void json(String text) {
      body = new String(text.getBytes(UTF_8), ISO_8859_1);
      more += "Content-Type: application/json\r\n";
    }

    String text() {
      String measured =
          body.isEmpty() && length.isEmpty()
              ? ""
              : length.isEmpty() ? "Content-Length: " + body.length() + "\r\n" : length;
      return method
          + " "
          + target
          + " HTTP/1.1\r\n"
          + host
          + "Connection: close\r\n"
          + authorization
          + more
          + measured
          + "\r\n"
          + body;
    }
  }

  /** One that has to be refused. */
  String refusable() {
    DocumentedOperation operation = pick(operations);
    Draft draft = new Draft(operation);
    List<Runnable> ways = new ArrayList<>();
    ways.add(() -> draft.method = unknownMethod(operation));
    ways.add(() -> draft.target += "?" + pick(QUERIES));
    ways.add(() -> draft.target = spoiledPath(operation));
    ways.add(() -> draft.host = pick(List.of("", "Host: a\r\nHost: b\r\n", "Host: a b\r\n")));
    ways.add(() -> draft.more += "X: " + "y".repeat(9_000) + "\r\n");
    ways.add(() -> spoilLength(draft, operation));
    if (!operation.isOpen()) {
      ways.add(() -> draft.authorization = spoiledToken());
      ways.add(() -> draft.host = "Host: evil.example\r\n");
      ways.add(() ->
          draft.more +=
              "Origin: " + pick(List.of("http://evil.example", "null", "", "x")) + "\r\n");
    }
    if (operation.sends()) {
      ways.add(() -> draft.json(bodies.spoiled(operation.body())));
      ways.add(() -> draft.json(bodies.spoiled(operation.body())));
      ways.add(() -> spoilMediaType(draft));
    }
    pick(ways).run();
    if (operation.sends() && draft.body.isEmpty() && operation.body() != null) {
      draft.json(bodies.valid(operation.body()));
    }
    return draft.text();
  }

  /** One of which some bytes are not what they were; it may be granted. */
  String damaged() {
    DocumentedOperation operation =
        pick(operations.stream().filter(one -> !one.isStream()).toList());
    Draft draft = new Draft(operation);
    if (operation.body() != null) {
      draft.json(bodies.valid(operation.body()));
    }
    if (operation.method().equals("GET")) {
      draft.target += pick(List.of("", "?limit=5", "?cursor=cHItMQ", "?usage=true"));
    }
    StringBuilder text = new StringBuilder(draft.text());
    for (int i = random.nextInt(1, MOST_DAMAGES + 1); i > 0; i--) {
      damage(text);
    }
    return text.toString();
  }

  private void damage(StringBuilder text) {
    int at = random.nextInt(text.length());
    int end = Math.min(text.length(), at + random.nextInt(1, 8));
    switch (random.nextInt(5)) {
      case 0 -> text.setCharAt(at, (char) random.nextInt(256));
      case 1 -> text.insert(at, (char) random.nextInt(256));
      case 2 -> text.delete(at, end);
      case 3 -> text.insert(at, text.substring(at, end).repeat(random.nextInt(1, 50)));
      default -> text.insert(at, pick(List.of("\r\n", "\n", "\r\n\r\n", "\u0000", " ", "%", ":")));
    }
  }

  private String unknownMethod(DocumentedOperation operation) {
    return pick(METHODS.stream().filter(method -> !operation.methods().contains(method)).toList());
  }

  private String spoiledPath(DocumentedOperation operation) {
    String segment = pick(SEGMENTS);
    return operation.path().contains("{") && !segment.equals("..")
        ? operation.path().replace(operation.path().replaceAll(".*(\\{[a-z]+}).*", "$1"), segment)
        : operation.path() + (operation.path().endsWith("/") ? "x" : "/x") + segment;
  }

  private String spoiledToken() {
    String token = ServedApi.ADMINISTRATOR;
    List<String> malformed =
        List.of(
            "",
            "Authorization: Basic YTpi\r\n",
            "Authorization: Bearer\r\n",
            "Authorization: " + token + "\r\n",
            "Authorization: Bearer " + token + " " + token + "\r\n",
            "Authorization: Bearer \u00e9\r\n",
            "Authorization: Bearer " + token + "\r\nAuthorization: Bearer " + token + "\r\n");
    if (wrongTokens > 0 && random.nextInt(20) == 0) {
      wrongTokens--;
      return "Authorization: Bearer " + token.substring(random.nextInt(1, token.length())) + "\r\n";
    }
    return pick(malformed);
  }

  /** What is said of the body, and is not so. */
  private void spoilLength(Draft draft, DocumentedOperation operation) {
    String length =
        pick(
            List.of(
                "Content-Length: -1\r\n",
                "Content-Length: x\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content-Length: 1\r\nContent-Length: 2\r\n",
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: nonsense\r\n"));
    if (operation.sends() && random.nextBoolean()) {
      draft.json("{\"a\":");
      draft.length =
          pick(
              List.of(
                  "Content-Length: 500\r\n",
                  "Content-Length: 65537\r\n",
                  "Transfer-Encoding: chunked\r\n"));
    } else {
      draft.length = length;
    }
  }

  private void spoilMediaType(Draft draft) {
    draft.body = "{}";
    draft.more +=
        pick(
            List.of(
                "",
                "Content-Type: text/plain\r\n",
                "Content-Type: application/json; charset=latin1\r\n",
                "Content-Type: application/jsonx\r\n",
                "Content-Type: ,;=\r\n",
                "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"));
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
