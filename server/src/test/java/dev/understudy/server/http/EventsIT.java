package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.http.Listener.Heard;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The stream of events, over a real cloner. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class EventsIT {
  private static final String ENVIRONMENTS = "/api/v1/environments";

  private ServedApi served;
  private Client administrator;

  @BeforeAll
  void open() throws Exception {
    served = ServedApi.open();
    administrator = served.client(ServedApi.ADMINISTRATOR);
  }

  @AfterAll
  void close() throws Exception {
    served.close();
  }

  @Test
  void tellsALifeAndNobodyElses() throws Exception {
    try (Listener all = Listener.of(served.client(ServedApi.VIEWER));
        Listener confined = Listener.of(served.client(ServedApi.CONFINED));
        Listener own = Listener.of(administrator)) {
      assertThat(all.next().type()).isEqualTo("ready");
      assertThat(confined.next().type()).isEqualTo("ready");
      make("pr-seen");
      own.next("task", "\"running\"");
      own.next("task", "\"done\"");
      all.next("environment", "\"created\"");
      administrator.post(ENVIRONMENTS + "/pr-seen/protect", null);
      all.next("environment", "\"protected\":true");
      administrator.post(ENVIRONMENTS + "/pr-seen/suspend", "{\"force\":true}");
      all.next("environment", "\"suspended\"");
      administrator.send("DELETE", ENVIRONMENTS + "/pr-seen", null);
      assertThat(all.next("environment", "\"dropped\"").data()).contains("\"pr-seen\"");
      make("ci-last");
      // The first that it hears is of the first that is for it.
      assertThat(confined.next().data()).contains("ci-last");
      administrator.send("DELETE", ENVIRONMENTS + "/ci-last", null);
    }
  }

  @Test
  void whoComesBackHearsWhatItMissed() throws Exception {
    String last;
    try (Listener first = Listener.of(administrator)) {
      last = first.next().id();
    }
    make("pr-missed");
    try (Listener again = Listener.of(administrator, "Last-Event-ID", last)) {
      again.next("environment", "pr-missed");
      again.next("ready", "");
    }
    try (Listener stranger = Listener.of(administrator, "Last-Event-ID", "x-1")) {
      assertThat(stranger.next().type()).isEqualTo("reset");
      assertThat(stranger.next().type()).isEqualTo("ready");
    }
    administrator.send("DELETE", ENVIRONMENTS + "/pr-missed", null);
  }

  @Test
  void tellsHowFarASnapshotIs() throws Exception {
    served.execute("shop", "INSERT INTO customer VALUES (0)");
    try (Listener listener = Listener.of(administrator)) {
      assertThat(listener.next().type()).isEqualTo("ready");
      administrator.post("/api/v1/sources/prod/snapshots", null, "Prefer", "respond-async");
      assertThat(listener.next("copy", "\"source\":\"prod\"").data()).contains("\"total\":");
      listener.next("snapshot", "\"published\"");
    }
  }

  @Test
  void aReloadEndsStreamsForTokensToBeShownAgain() throws Exception {
    served.reload = new Reloader.Outcome(List.of(), List.of(), List.of());
    try (Listener listener = Listener.of(administrator)) {
      assertThat(listener.next().type()).isEqualTo("ready");
      administrator.post("/api/v1/reload", null);
      Heard next = listener.next();
      while (!next.equals(Heard.END)) {
        next = listener.next();
      }
    }
  }

  private void make(String name) throws Exception {
    assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"" + name + "\"}").statusCode())
        .isEqualTo(201);
  }
}
