package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalTest {
  private final List<Object> heard = new ArrayList<>();
  private final Doorway doorway = new Doorway(1, 1, 1);
  private final Doorway.Visit inside = requireNonNull(doorway.enter("somebody", () -> {}));

  @Test
  void keepsWhatComesInTheLineForTheFirstPhase() {
    EmbeddedChannel client = connect();
    client.writeInbound(bytes("cancel"), bytes("request"));
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(heard).isEmpty();
    assertThat(client.isOpen()).isTrue();

    inside.leave();
    client.runPendingTasks();

    assertThat(heard).containsExactly("cancel", "request", ChannelInputShutdownEvent.INSTANCE);
    client.finishAndReleaseAll();
  }

  @Test
  void whoLeavesTheLineWithoutAWordFreesItsTurn() {
    EmbeddedChannel client = connect();
    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

    assertThat(client.isOpen()).isFalse();
    assertThat(doorway.waiting()).isZero();
  }

  @Test
  void aDeadlineInTheLineIsSilentAndDropsWhatCame() {
    EmbeddedChannel client = connect();
    ByteBuf early = bytes("hello");
    client.writeInbound(early);
    client.pipeline().fireUserEventTriggered(ConnectionEvent.DEADLINE_EXPIRED);

    assertThat(client.isOpen()).isFalse();
    assertThat(client.outboundMessages()).isEmpty();
    assertThat(early.refCnt()).isZero();
  }

  @Test
  void whoIsTurnedAwayIsToldWhy() {
    EmbeddedChannel first = connect();
    EmbeddedChannel second = connect();

    ByteBuf error = second.readOutbound();
    assertThat(error.toString(StandardCharsets.UTF_8)).startsWith("E").contains("C53300");
    error.release();
    assertThat(second.isOpen()).isFalse();
    assertThat(first.isOpen()).isTrue();
    first.finishAndReleaseAll();
  }

  private EmbeddedChannel connect() {
    return new EmbeddedChannel(
        new Arrival(doorway, Duration.ofMinutes(1), _ -> new FirstPhase(heard)));
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static final class FirstPhase extends ChannelInboundHandlerAdapter {
    private final List<Object> heard;

    FirstPhase(List<Object> heard) {
      this.heard = heard;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      heard.add(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      heard.add(event);
      Channels.close(ctx);
    }
  }
}
