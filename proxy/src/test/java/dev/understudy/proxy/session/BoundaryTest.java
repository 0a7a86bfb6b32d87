package dev.understudy.proxy.session;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.client.Traffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundaryTest {
  private static final byte[] READY = {'Z', 0, 0, 0, 5, 'I'};

  private final MockTicker time = Ticker.newMockTicker();
  private final EmbeddedChannel client = EmbeddedChannel.builder().ticker(time).build();
  private final EmbeddedChannel server = EmbeddedChannel.builder().ticker(time).build();
  private final Traffic traffic = new Traffic(time.nanoTime());
  private final Boundary boundary = new Boundary(client, server, traffic);
  private final List<String> decisions = new ArrayList<>();

  @AfterEach
  void release() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }

  @Test
  void whoHasBeenQuietForLongNeedNotBeWaitedFor() {
    answer();
    pass(5_000);

    decide();
    pass(1);

    assertThat(decisions).containsExactly("settled");
  }

  @Test
  void thatIsNotDecidedBeforeWhatHasArrivedIsRead() {
    answer();
    pass(5_000);

    decide();
    answer();
    pass(1);

    assertThat(decisions).containsExactly("goes on");
  }

  @Test
  void whatIsLeftOfTheMomentIsWaitedFor() {
    answer();
    pass(150);

    decide();
    pass(49);
    assertThat(decisions).isEmpty();

    pass(1);
    assertThat(decisions).containsExactly("settled");
  }

  @Test
  void whoAsksFourTimesASecondHasMomentsBetween() {
    for (int phase = 0; phase < 250; phase += 10) {
      decisions.clear();
      answer();
      pass(phase);
      decide();
      pass(249 - phase);
      ask();
      pass(1_000);

      assertThat(decisions).as("%d ms after an answer", phase).containsExactly("settled");
    }
  }

  @Test
  void theRestOfWhatAClientTakesAgainIsReadFirst() {
    answer();
    pass(5_000);
    boundary.clientTakesMore();

    decide();
    pass(199);
    assertThat(decisions).isEmpty();
    answer();
    pass(1);

    assertThat(decisions).containsExactly("goes on");
  }

  @Test
  void aServerThatOwesAnAnswerIsNotWaitedFor() {
    answer();
    pass(5_000);
    ask();

    decide();

    assertThat(decisions).containsExactly("goes on");
  }

  private void decide() {
    boundary.whenSettled(
        boundary::isBetweenTransactions,
        () -> decisions.add("settled"),
        () -> decisions.add("goes on"));
  }

  private void ask() {
    boundary.clientSpoke();
    traffic.received(6, time.nanoTime());
  }

  private void answer() {
    ByteBuf bytes = Unpooled.wrappedBuffer(READY);
    boundary.serverSpoke(bytes);
    traffic.sent(READY.length);
    bytes.release();
  }

  private void pass(long millis) {
    time.advance(millis, MILLISECONDS);
    client.runScheduledPendingTasks();
  }
}
