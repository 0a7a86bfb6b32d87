package dev.understudy.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hears a stream of events. */
final class Listener implements AutoCloseable {
  private final InputStream stream;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

  record Heard(String id, String type, String data) {
    /** The stream has ended. */
    static final Heard END = new Heard("", "end", "");
  }

  private Listener(InputStream stream) {
    this.stream = stream;
    Thread.ofVirtual().start(this::read);
  }

  static Listener of(Client client, String... headers) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        client
            .http()
            .send(
                client.request("GET", "/api/v1/events", null, headers),
                HttpResponse.BodyHandlers.ofInputStream());
    if (response.statusCode() != 200
        || !response
            .headers()
            .firstValue("Content-Type")
            .orElse("")
            .startsWith("text/event-stream")) {
      throw new AssertionError(response);
    }
    return new Listener(response.body());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      String id = "";
      String type = "";
      String data = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !type.isEmpty()) {
          heard.add(new Heard(id, type, data));
          type = "";
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
    } catch (IOException e) {
      // Closed, by either side.
    }
    heard.add(Heard.END);
  }

  Heard next() throws InterruptedException {
    @Nullable Heard next = heard.poll(60, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was heard");
    }
    return next;
  }

  /** The next one of a type whose data has a text; the others are passed over. */
  Heard next(String type, String text) throws InterruptedException {
    while (true) {
      Heard next = next();
      if (next.type().equals(type) && next.data().contains(text)) {
        return next;
      }
      if (next.equals(Heard.END)) {
        throw new AssertionError("the stream has ended before " + type + " with " + text);
      }
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
