package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The console, the HTTP API and the command line of one daemon, for somebody who knows them all.
 */
final class Ways implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int FAILED = 1;

  /** What a command that has failed writes. */
  private static final Pattern SAID =
      Pattern.compile(
          "understudy: (?<message>.*?)(\ndetail: (?<detail>.*?))?(\nhint: (?<hint>.*?))?\n",
          Pattern.DOTALL);

  private final String address;
  private final String token;
  private final Path tokenFile;
  private final Connection console;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Why something was not done.
   *
   * @param sqlState null: the command line, which leaves it out
   */
  record Refusal(
      @Nullable String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    /** As the command line tells the same. */
    Refusal withoutSqlState() {
      return new Refusal(null, message, detail, hint);
    }
  }

  private Ways(String address, String token, Path tokenFile, Connection console) {
    this.address = address;
    this.token = token;
    this.tokenFile = tokenFile;
    this.console = console;
  }

  /**
   * Opens them.
   *
   * @param login for the console
   * @param token for the API, whose owner is the login's role
   */
  static Ways open(Shop shop, String login, String password, String token) throws Exception {
    Connection console =
        DriverManager.getConnection(
            shop.url("understudy") + "?sslmode=disable&preferQueryMode=simple", login, password);
    return new Ways(
        shop.httpAddress(),
        token,
        Files.writeString(Files.createTempFile("t", ""), token),
        console);
  }

  /** Null: it was done. */
  @Nullable Refusal console(String command) throws SQLException {
    try (Statement statement = console.createStatement()) {
      statement.execute(command);
      return null;
    } catch (PSQLException e) {
      ServerErrorMessage error = e.getServerErrorMessage();
      if (error == null) {
        throw e;
      }
      return new Refusal(
          error.getSQLState(),
          String.valueOf(error.getMessage()),
          error.getDetail(),
          error.getHint());
    }
  }

  /** What the console shows. */
  List<Map<String, @Nullable Object>> shown(String command) throws SQLException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    try (Statement statement = console.createStatement();
        ResultSet row = statement.executeQuery(command)) {
      while (row.next()) {
        Map<String, @Nullable Object> values = new HashMap<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          values.put(row.getMetaData().getColumnName(i), row.getObject(i));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  /**
   * Null: it was done.
   *
   * @param route method and path
   */
  @Nullable Refusal http(String route, @Nullable String body) throws Exception {
    HttpResponse<String> response = send(route, body);
    if (response.statusCode() < 300) {
      assertThat(response.statusCode()).as(route).isNotEqualTo(202);
      return null;
    }
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonNode problem = JSON.readTree(response.body());
    assertThat(problem.path("status").asInt()).isEqualTo(response.statusCode());
    return new Refusal(
        problem.path("sqlstate").asText(),
        problem.path("title").asText(),
        problem.path("detail").textValue(),
        problem.path("hint").textValue());
  }

  /** What a GET answers. */
  JsonNode answered(String path) throws Exception {
    HttpResponse<String> response = send("GET " + path, null);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  HttpResponse<String> send(String route, @Nullable String body, String... headers)
      throws Exception {
    return http.send(request(route, body, headers), HttpResponse.BodyHandlers.ofString());
  }

  /** The first event of a stream that does not end. */
  String firstEvent(String path) throws Exception {
    HttpResponse<Stream<String>> response =
        http.send(request("GET " + path, null), HttpResponse.BodyHandlers.ofLines());
    try (var lines = response.body()) {
      return lines.filter(line -> line.startsWith("event: ")).findFirst().orElse("");
    }
  }

  private HttpRequest request(String route, @Nullable String body, String... headers) {
    int space = route.indexOf(' ');
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + route.substring(space + 1)))
            .header("Authorization", "Bearer " + token)
            .method(
                route.substring(0, space),
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }

  /** Null: it was done. */
  @Nullable Refusal shell(String... words) {
    StringWriter err = new StringWriter();
    int exitCode = run(new StringWriter(), err, words);
    if (exitCode == 0) {
      return null;
    }
    assertThat(exitCode).as(err.toString()).isEqualTo(FAILED);
    Matcher said = SAID.matcher(err.toString());
    assertThat(said.matches()).as(err.toString()).isTrue();
    return new Refusal(null, said.group("message"), said.group("detail"), said.group("hint"));
  }

  /** What a command prints for scripts. */
  JsonNode printed(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    assertThat(run(out, err, all.toArray(String[]::new))).as(err.toString()).isZero();
    return JSON.readTree(out.toString());
  }

  private int run(StringWriter out, StringWriter err, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(1, List.of("--api", address, "--token-file", tokenFile.toString()));
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException, SQLException {
    http.close();
    console.close();
    Files.delete(tokenFile);
  }
}
