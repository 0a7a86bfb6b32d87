package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private static final byte[] CANCEL =
      Wire.bytes(new CancelRequest(42, Bytes.utf8("1234"))::encode);

  private final List<Object> heard = new ArrayList<>();
  private final Porch porch = new Porch(2);
  private final Doorway doorway = new Doorway(1, 1, 1, Duration.ofHours(1));
  private final Doorway.Visit inside =
      requireNonNull(doorway.enter("somebody", () -> {}, () -> {}));
  private final Entrance entrance = new Entrance(porch, doorway, new Regrets(1, _ -> {}));

  @Test
  void aCancelRequestAndTheEndBehindItAreKeptForTheFirstPhase() {
    EmbeddedChannel client = connect();
    client.writeInbound(bytes(Arrays.copyOf(CANCEL, 5)));
    client.writeInbound(bytes(Arrays.copyOfRange(CANCEL, 5, CANCEL.length)));
    shutInput(client);
    assertThat(heard).isEmpty();
    assertThat(client.isOpen()).isTrue();

    inside.leave();
    client.runPendingTasks();

    assertThat(heard).containsExactly(Bytes.of(CANCEL), ChannelInputShutdownEvent.INSTANCE);
    client.finishAndReleaseAll();
  }

  @Test
  void whoIsReadWithoutAnEndIsHandedOverAsWell() {
    EmbeddedChannel client = connect();
    byte[] packet = Wire.bytes(TestClient.startupMessage(0, Map.of())::encode);
    client.writeInbound(bytes(packet));
    inside.leave();
    client.runPendingTasks();

    assertThat(heard).containsExactly(Bytes.of(packet));
    assertThat(client.config().isAutoRead()).isTrue();
    client.finishAndReleaseAll();
  }

  @Test
  void whoSaysNothingTakesNoTurnAndHearsNothing() {
    EmbeddedChannel leaving = connect();
    shutInput(leaving);
    EmbeddedChannel staying = connect();
    assertThat(porch.size()).isEqualTo(1);
    assertThat(doorway.waiting()).isZero();
    staying.advanceTimeBy(1, TimeUnit.MINUTES);
    staying.runScheduledPendingTasks();

    assertThat(leaving.isOpen()).isFalse();
    assertThat(staying.isOpen()).isFalse();
    assertThat(staying.outboundMessages()).isEmpty();
    assertThat(porch.size()).isZero();
  }

  @Test
  void whoHasSaidNothingForLongestGivesWay() {
    EmbeddedChannel first = connect();
    EmbeddedChannel second = connect();
    first.runPendingTasks();

    assertTold(first);
    assertThat(first.isOpen()).isFalse();
    assertThat(second.isOpen()).isTrue();
    second.finishAndReleaseAll();
  }

  @Test
  void aPlaceThatSomebodyElseWantsIsLeftEarly() {
    Doorway hasty = new Doorway(1, 1, 1, Duration.ZERO);
    EmbeddedChannel stalled =
        connect(new EmbeddedChannel(), new Entrance(porch, hasty, new Regrets(1, _ -> {})));
    stalled.writeInbound(bytes(CANCEL));
    stalled.runPendingTasks();
    requireNonNull(hasty.enter("somebody else", () -> {}, () -> {}));
    stalled.runPendingTasks();

    assertThat(heard).containsExactly(Bytes.of(CANCEL), ConnectionEvent.DEADLINE_EXPIRED);
    stalled.finishAndReleaseAll();
  }

  @Test
  void whoWouldNeedAnAnswerAndLeavesFreesItsTurn() {
    byte[] packet = Wire.bytes(TestClient.startupMessage(0, Map.of())::encode);
    for (byte[] sent : List.of(packet, Arrays.copyOf(CANCEL, 15), new byte[] {0, 0, 0, 1})) {
      EmbeddedChannel client = connect();
      client.writeInbound(bytes(sent));
      shutInput(client);

      assertThat(client.isOpen()).isFalse();
      assertThat(doorway.waiting()).isZero();
    }
  }

  @Test
  void moreThanAStartupPacketIsNotKept() {
    EmbeddedChannel client = connect();
    ByteBuf most = Unpooled.buffer().writeBytes(CANCEL).writeZero(10_004 - CANCEL.length);
    client.writeInbound(most);
    assertThat(client.isOpen()).isTrue();

    ByteBuf more = Unpooled.buffer().writeByte(0);
    client.writeInbound(more);

    assertThat(client.isOpen()).isFalse();
    assertThat(most.refCnt()).isZero();
    assertThat(more.refCnt()).isZero();
    assertThat(doorway.waiting()).isZero();
  }

  @Test
  void whoIsTurnedAwayIsToldWhy() {
    EmbeddedChannel first = speak(connect());
    EmbeddedChannel second = speak(connect());

    assertTold(second);
    assertThat(second.isOpen()).isFalse();
    assertThat(first.isOpen()).isTrue();
    first.finishAndReleaseAll();
  }

  @Test
  void whoWaitsInVainIsToldWhyAndGivesUpItsTurn() {
    EmbeddedChannel client = speak(connect());
    client.advanceTimeBy(1, TimeUnit.MINUTES);
    client.runScheduledPendingTasks();

    assertTold(client);
    assertThat(client.isOpen()).isFalse();
    assertThat(doorway.waiting()).isZero();
  }

  @Test
  void onlySoManyAreToldAtOnce() {
    EmbeddedChannel inLine = speak(connect());
    EmbeddedChannel told = speak(connect(new UnreadingClient(), entrance));
    EmbeddedChannel untold = speak(connect());
    assertThat(told.isOpen()).isTrue();
    assertThat(untold.isOpen()).isFalse();
    assertThat(untold.outboundMessages()).isEmpty();

    Channels.close(told);
    assertTold(speak(connect()));
    inLine.finishAndReleaseAll();
  }

  private static void assertTold(EmbeddedChannel client) {
    ByteBuf error = client.readOutbound();
    assertThat(error.toString(StandardCharsets.UTF_8))
        .startsWith("E")
        .contains("SFATAL\0", "C53300\0", "\0M", "\0D", "\0H");
    error.release();
  }

  private EmbeddedChannel connect() {
    return connect(new EmbeddedChannel(), entrance);
  }

  private static EmbeddedChannel speak(EmbeddedChannel client) {
    client.writeInbound(bytes(new byte[] {0}));
    client.runPendingTasks();
    return client;
  }

  private EmbeddedChannel connect(EmbeddedChannel client, Entrance into) {
    client.freezeTime();
    client.config().setAutoRead(false);
    Arrival arrival = new Arrival(into, Duration.ofMinutes(1), _ -> new FirstPhase(heard));
    client.pipeline().addLast(arrival);
    client.pipeline().fireChannelActive();
    client.runPendingTasks();
    return client;
  }

  /** As epoll does it. */
  private static void shutInput(EmbeddedChannel client) {
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
  }

  private static ByteBuf bytes(byte[] bytes) {
    return Unpooled.copiedBuffer(bytes);
  }

  private static final class UnreadingClient extends EmbeddedChannel {
    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
      // Nothing is taken.
    }
  }

  private static final class FirstPhase extends ChannelInboundHandlerAdapter {
    private final List<Object> heard;

    FirstPhase(List<Object> heard) {
      this.heard = heard;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      heard.add(Bytes.of(ByteBufUtil.getBytes(bytes)));
      bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      heard.add(event);
    }
  }
}
