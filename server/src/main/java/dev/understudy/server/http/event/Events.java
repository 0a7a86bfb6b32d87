package dev.understudy.server.http.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.server.http.Call;
import dev.understudy.server.http.Reply;
import dev.understudy.server.http.Route;
import dev.understudy.server.http.task.Task;
import dev.understudy.server.http.task.Tasks;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.OperationException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens, told to whoever listens. Thread-safe. */
public final class Events implements AutoCloseable {
  private static final String PATH = Route.ROOT + "/events";
  private static final String TOO_MANY = "53300";
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final byte[] SILENCE = ": \n\n".getBytes(UTF_8);

  private final Journal journal = new Journal();
  private final Watch watch;

  /**
   * Events of one daemon.
   *
   * @param tasks are listened to
   */
  public Events(Watched watched, Tasks tasks) {
    this.watch = new Watch(journal, watched);
    tasks.listen(this::tell);
  }

  private void tell(Task task) {
    journal.publish("task", task.body(), task::isFor);
  }

  public List<Route> all() {
    return List.of(Route.get(PATH, this::stream));
  }

  private Reply stream(Call call) {
    if (journal.isFull()) {
      throw OperationException.of(
          TOO_MANY,
          "too many clients listen to events",
          Journal.MOST_CLIENTS + " do.",
          "End one of them, or try again later.");
    }
    Actor actor = call.actor();
    String last = call.header("Last-Event-ID");
    return new Reply(200, Map.of(), new Reply.Stream(out -> write(actor, last, out)));
  }

  private void write(Actor actor, @Nullable String last, OutputStream out)
      throws IOException, InterruptedException {
    try (Subscription subscription = watch.subscribe(actor, last)) {
      while (true) {
        Event event = subscription.next(HEARTBEAT);
        if (subscription.isOver()) {
          return;
        }
        out.write(event == null ? SILENCE : event.bytes());
        out.flush();
      }
    }
  }

  /** Ends all streams, for clients to come back and show their tokens again. */
  public void endAll() {
    journal.endAll();
  }

  /** Ends all streams, and nobody hears anything any more. Idempotent. */
  @Override
  public void close() {
    watch.close();
    journal.endAll();
  }
}
