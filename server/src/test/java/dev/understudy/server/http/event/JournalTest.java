package dev.understudy.server.http.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.server.operate.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final Actor ANY = new Actor("ci", "app", false, "http", "/127.0.0.1:1");

  private final Journal journal = new Journal();

  @Test
  void tellsWhatHappensFromTheSubscriptionOn() throws Exception {
    publish(1);
    Subscription subscription = journal.subscribe(ANY, null);
    publish(2);

    assertThat(types(subscription)).containsExactly("ready", "e2");
    subscription.close();
    assertThat(journal.isDeserted()).isTrue();
  }

  @Test
  void whoComesBackHearsWhatItMissed() throws Exception {
    Subscription first = journal.subscribe(ANY, null);
    publish(1);
    publish(2);
    List<Event> seen = events(first);
    first.close();
    publish(3);

    assertThat(types(journal.subscribe(ANY, seen.getFirst().id())))
        .containsExactly("e1", "e2", "e3", "ready");
    assertThat(types(journal.subscribe(ANY, seen.get(1).id())))
        .containsExactly("e2", "e3", "ready");
    assertThat(types(journal.subscribe(ANY, seen.getLast().id()))).containsExactly("e3", "ready");
  }

  @Test
  void whoCannotBeToldWhatItMissedIsToldThat() throws Exception {
    publish(1);
    Subscription first = journal.subscribe(ANY, null);
    String id = events(first).getFirst().id();

    assertThat(types(journal.subscribe(ANY, "x-1"))).containsExactly("reset", "ready");
    for (int i = 0; i <= Journal.MOST; i++) {
      publish(i);
    }
    assertThat(types(journal.subscribe(ANY, id))).containsExactly("reset", "ready");
    journal.forget();
    assertThat(types(journal.subscribe(ANY, id))).containsExactly("reset", "ready");
  }

  @Test
  void whatIsNotForSomebodyIsNotToldThem() throws Exception {
    Subscription subscription = journal.subscribe(ANY, null);
    journal.publish("secret", Map.of(), actor -> actor.administrator());
    publish(1);

    assertThat(types(subscription)).containsExactly("ready", "e1");
  }

  @Test
  void whoDoesNotReadIsGivenUp() {
    Subscription subscription = journal.subscribe(ANY, null);
    for (int i = 0; i < 3 * Journal.MOST && !subscription.isOver(); i++) {
      publish(i);
    }

    assertThat(subscription.isOver()).isTrue();
  }

  @Test
  void anEndWakesWhoWaits() throws Exception {
    Subscription subscription = journal.subscribe(ANY, null);
    assertThat(types(subscription)).containsExactly("ready");
    journal.endAll();

    assertThat(subscription.next(Duration.ofSeconds(30))).isNotNull();
    assertThat(subscription.isOver()).isTrue();
  }

  @Test
  void isWrittenAsServerSentEventsAre() throws Exception {
    journal.publish("environment", Map.of("name", "a\nb"), _ -> true);
    Event event = requireNonNull(journal.subscribe(ANY, null).next(Duration.ZERO));

    assertThat(new String(event.bytes(), UTF_8))
        .isEqualTo("id: " + event.id() + "\nevent: ready\ndata: {}\n\n");
  }

  private void publish(int number) {
    journal.publish("e" + number, Map.of(), _ -> true);
  }

  private static List<Event> events(Subscription subscription) throws InterruptedException {
    List<Event> all = new ArrayList<>();
    while (true) {
      Event event = subscription.next(Duration.ofMillis(1));
      if (event == null) {
        return all;
      }
      all.add(event);
    }
  }

  private static List<String> types(Subscription subscription) throws InterruptedException {
    return events(subscription).stream().map(Event::type).toList();
  }
}
