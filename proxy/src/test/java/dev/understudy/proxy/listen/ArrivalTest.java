package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private final Porch porch = new Porch(2);
  private final Doorway doorway = new Doorway(1, 1, 1, Duration.ofHours(1));
  private final Doorway.Visit inside =
      requireNonNull(doorway.enter("somebody", () -> {}, () -> {}));
  private final Entrance entrance = new Entrance(porch, doorway, new Regrets(1, _ -> {}));
  private final List<Client> admitted = new ArrayList<>();

  @Test
  void theFirstPhaseIsThereAtOnceAndIsRead() {
    Client client = connect();

    assertThat(client.channel.pipeline().get(Arrival.class)).isNull();
    assertThat(client.channel.pipeline().get(Phase.class)).isNotNull();
    assertThat(client.channel.config().isAutoRead()).isTrue();
    client.channel.finishAndReleaseAll();
    assertThat(porch.size()).isZero();
  }

  @Test
  void theDeadlineIsForThePhaseToTell() {
    Client client = connect();
    client.pass(1, TimeUnit.MINUTES);

    assertThat(client.phase.heard).containsExactly(ConnectionEvent.DEADLINE_EXPIRED);
    assertThat(client.channel.outboundMessages()).isEmpty();
    client.channel.finishAndReleaseAll();
  }

  @Test
  void whoHasSaidNothingForLongestGivesWay() {
    Client first = connect();
    Client second = connect();
    first.channel.runPendingTasks();

    assertTold(first);
    assertThat(first.channel.isOpen()).isFalse();
    assertThat(second.channel.isOpen()).isTrue();
    second.channel.finishAndReleaseAll();
  }

  @Test
  void whoIsInTheMiddleOfSomethingGivesWayWithoutAWord() {
    Client first = connect();
    first.arrival.heard(first.channel);
    Client second = connect();
    first.channel.runPendingTasks();

    assertThat(first.phase.heard).containsExactly(ConnectionEvent.DEADLINE_EXPIRED);
    assertThat(first.channel.outboundMessages()).isEmpty();
    first.channel.finishAndReleaseAll();
    second.channel.finishAndReleaseAll();
  }

  @Test
  void whoGoesOnIsNotTheOneWhoGivesWay() {
    Porch wide = new Porch(4);
    Entrance into = new Entrance(wide, doorway, new Regrets(1, _ -> {}));
    Client first = connect(new EmbeddedChannel(), into);
    Client second = connect(new EmbeddedChannel(), into);
    first.arrival.heard(first.channel);
    Client third = connect(new EmbeddedChannel(), into);
    first.channel.runPendingTasks();
    second.channel.runPendingTasks();

    assertThat(first.phase.heard).isEmpty();
    assertThat(second.channel.isOpen()).isFalse();
    assertTold(second);
    assertThat(wide.size()).isEqualTo(2);
    first.channel.finishAndReleaseAll();
    third.channel.finishAndReleaseAll();
  }

  @Test
  void whoWantsToAuthenticateWaitsUnreadForAPlace() {
    Client client = authenticate(connect());
    assertThat(porch.size()).as("it has said what it wants").isZero();
    assertThat(client.channel.config().isAutoRead()).isFalse();
    assertThat(admitted).isEmpty();

    inside.leave();
    client.channel.runPendingTasks();

    assertThat(admitted).containsExactly(client);
    assertThat(client.channel.config().isAutoRead()).isTrue();
    client.channel.finishAndReleaseAll();
    assertThat(doorway.inside()).isZero();
  }

  @Test
  void aPlaceThatSomebodyElseWantsIsLeftEarly() {
    Doorway hasty = new Doorway(1, 1, 1, Duration.ZERO);
    Client stalled =
        authenticate(
            connect(new EmbeddedChannel(), new Entrance(porch, hasty, new Regrets(1, _ -> {}))));
    assertThat(admitted).containsExactly(stalled);
    requireNonNull(hasty.enter("somebody else", () -> {}, () -> {}));
    stalled.channel.runPendingTasks();

    assertThat(stalled.phase.heard).containsExactly(ConnectionEvent.DEADLINE_EXPIRED);
    stalled.channel.finishAndReleaseAll();
  }

  @Test
  void whoLeavesTheLineGivesUpItsTurn() {
    Client client = authenticate(connect());
    assertThat(doorway.waiting()).isEqualTo(1);
    client.channel.close();
    client.channel.runPendingTasks();

    assertThat(doorway.waiting()).isZero();
    inside.leave();
    assertThat(admitted).isEmpty();
  }

  @Test
  void whoIsTurnedAwayIsToldWhy() {
    Client first = authenticate(connect());
    Client second = authenticate(connect());

    assertTold(second);
    assertThat(second.channel.isOpen()).isFalse();
    assertThat(first.channel.isOpen()).isTrue();
    first.channel.finishAndReleaseAll();
  }

  @Test
  void whoWaitsInVainIsToldWhyAndGivesUpItsTurn() {
    Client client = authenticate(connect());
    client.pass(1, TimeUnit.MINUTES);

    assertTold(client);
    assertThat(client.channel.isOpen()).isFalse();
    assertThat(doorway.waiting()).isZero();
  }

  @Test
  void whoMayStayHearsOfNoDeadline() {
    Client client = authenticate(connect());
    inside.leave();
    client.channel.runPendingTasks();
    client.arrival.passed();
    client.pass(2, TimeUnit.MINUTES);

    assertThat(client.phase.heard).isEmpty();
    assertThat(doorway.inside()).isZero();
    client.channel.finishAndReleaseAll();
  }

  @Test
  void onlySoManyAreToldAtOnce() {
    Client inLine = authenticate(connect());
    Client told = authenticate(connect(new UnreadingClient(), entrance));
    Client untold = authenticate(connect());
    assertThat(told.channel.isOpen()).isTrue();
    assertThat(untold.channel.isOpen()).isFalse();
    assertThat(untold.channel.outboundMessages()).isEmpty();

    Channels.close(told.channel);
    assertTold(authenticate(connect()));
    inLine.channel.finishAndReleaseAll();
  }

  private static void assertTold(Client client) {
    ByteBuf error = client.channel.readOutbound();
    assertThat(error.toString(StandardCharsets.UTF_8))
        .startsWith("E")
        .contains("SFATAL\0", "C53300\0", "\0M", "\0D", "\0H");
    error.release();
  }

  private Client connect() {
    return connect(new EmbeddedChannel(), entrance);
  }

  private Client connect(EmbeddedChannel channel, Entrance into) {
    channel.freezeTime();
    channel.config().setAutoRead(false);
    Phase phase = new Phase();
    Arrival arrival = new Arrival(into, Duration.ofMinutes(1), _ -> phase);
    channel.pipeline().addLast(arrival);
    channel.pipeline().fireChannelActive();
    channel.runPendingTasks();
    return new Client(channel, arrival, phase);
  }

  private Client authenticate(Client client) {
    client.arrival.heard(client.channel);
    client.arrival.authenticate(client.channel, () -> admitted.add(client));
    client.channel.runPendingTasks();
    return client;
  }

  private record Client(EmbeddedChannel channel, Arrival arrival, Phase phase) {
    void pass(long time, TimeUnit unit) {
      channel.advanceTimeBy(time, unit);
      channel.runScheduledPendingTasks();
    }
  }

  private static final class UnreadingClient extends EmbeddedChannel {
    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      // Nothing is taken.
    }
  }

  /** Keeps the events that it hears. */
  private static final class Phase extends ChannelInboundHandlerAdapter {
    private final List<Object> heard = new ArrayList<>();

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      heard.add(event);
    }
  }
}
