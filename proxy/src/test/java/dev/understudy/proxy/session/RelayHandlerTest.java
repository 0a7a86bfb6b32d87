package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayHandlerTest {
  private final List<String> heard = new ArrayList<>();
  private final EmbeddedChannel to = new EmbeddedChannel();
  private final EmbeddedChannel from =
      new EmbeddedChannel(new RelayHandler(to, new RecordingLeg()));

  @AfterEach
  void release() {
    from.finishAndReleaseAll();
    to.finishAndReleaseAll();
  }

  @Test
  void passesBytesOnAndTellsItsLeg() {
    from.writeInbound(bytes("abc"));

    ByteBuf passed = to.readOutbound();
    assertThat(passed.toString(StandardCharsets.US_ASCII)).isEqualTo("abc");
    passed.release();
    assertThat(heard).containsExactly("abc", "paused");
  }

  @Test
  void stopsReadingWhenTheOtherLegIsFull() {
    to.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 2));

    from.pipeline().fireChannelRead(bytes("abc"));
    assertThat(from.config().isAutoRead()).isFalse();

    from.pipeline().fireChannelReadComplete();
  }

  @Test
  void readsTheOtherLegAccordingToItsOwnWritability() {
    from.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    from.runPendingTasks();
    assertThat(to.config().isAutoRead()).isFalse();

    from.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    from.runPendingTasks();
    assertThat(to.config().isAutoRead()).isTrue();
  }

  @Test
  void leavesTheOtherLegsEndToTheSession() {
    from.close().syncUninterruptibly();

    assertThat(heard).containsExactly("gone");
    assertThat(to.isOpen()).isTrue();
  }

  @Test
  void aFailureClosesItsOwnLeg() {
    from.pipeline().fireExceptionCaught(new IOException("reset"));

    assertThat(heard).containsExactly("failed", "gone");
    assertThat(from.isOpen()).isFalse();
  }

  @Test
  void dropsWhatComesForALegThatHasClosed() {
    to.close().syncUninterruptibly();
    ByteBuf bytes = bytes("late");

    from.writeInbound(bytes);

    assertThat(bytes.refCnt()).isZero();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private final class RecordingLeg implements RelayHandler.Leg {
    @Override
    public void sent(ByteBuf bytes) {
      heard.add(bytes.toString(StandardCharsets.US_ASCII));
    }

    @Override
    public void paused() {
      heard.add("paused");
    }

    @Override
    public void gone() {
      heard.add("gone");
    }

    @Override
    public void failed(Throwable cause) {
      heard.add("failed");
    }
  }
}
