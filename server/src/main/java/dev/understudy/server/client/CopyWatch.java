package dev.understudy.server.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Hears by the stream of events how far copies of production are. Where that cannot be had nothing
 * is heard, and whatever is waited for goes on all the same. Thread-safe.
 */
final class CopyWatch implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String EVENT = "event: ";
  private static final String DATA = "data: ";

  private final Map<String, Copied> latest = new ConcurrentHashMap<>();
  private final CompletableFuture<?> stream;

  /**
   * Begins to listen.
   *
   * @param request for the events
   */
  CopyWatch(HttpClient http, HttpRequest request) {
    this.stream = http.sendAsync(request, BodyHandlers.fromLineSubscriber(new Lines()));
  }

  /** How far the copy of a source is; null: none is known to be under way. */
  @Nullable Copied of(String source) {
    Copied copied = latest.get(source);
    return copied == null || copied.isOver() ? null : copied;
  }

  @Override
  public void close() {
    stream.cancel(true);
  }

  /** Of the stream, one after the other. */
  private final class Lines implements Flow.Subscriber<String> {
    private String type = "";

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith(EVENT)) {
        type = line.substring(EVENT.length());
      } else if (line.startsWith(DATA) && type.equals("copy")) {
        hear(line.substring(DATA.length()));
      }
    }

    @Override
    public void onError(Throwable e) {}

    @Override
    public void onComplete() {}
  }

  private void hear(String data) {
    try {
      JsonNode copy = JSON.readTree(data);
      latest.put(
          copy.path("source").asText(),
          new Copied(
              copy.path("work").asText(),
              copy.path("bytes").asLong(),
              copy.path("total").asLong()));
    } catch (JsonProcessingException e) {
      // Of a daemon that is newer than this program.
    }
  }
}
