package dev.understudy.proxy.refuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FarewellTest {
  @Test
  void sendsWhatWasWrittenBeforeAndSpeaksOnce() {
    SlowClient client = new SlowClient();
    Channels.write(client, Unpooled.buffer().writeByte('1'));
    Farewell.say(client, Refusals.shuttingDown());
    Farewell.say(client, Refusals.internalError());
    client.takesAll();

    assertFirstByte(client, '1');
    assertFirstByte(client, 'E');
    assertThat(client.outboundMessages()).noneMatch(rest -> ((ByteBuf) rest).isReadable());
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void saysWhy() {
    EmbeddedChannel client = new EmbeddedChannel();
    Farewell.say(client, Refusals.shuttingDown());

    assertFirstByte(client, 'E');
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void replacesEveryHandlerAndDropsWhatStillComes() {
    SlowClient client = new SlowClient(new Unwanted());
    Farewell.say(client, Refusals.shuttingDown());
    ByteBuf late = Unpooled.buffer().writeByte('Q');

    client.writeInbound(late);

    assertThat(late.refCnt()).isZero();
    client.finishAndReleaseAll();
  }

  @Test
  void aSlowClientGetsTimeToReadWhatIsLeft() {
    SlowClient client = new SlowClient();
    Farewell.end(client);

    client.pass(59);
    assertThat(client.isOpen()).isTrue();

    client.takesAll();
    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void aClientThatShutsItsOutputStillGetsWhatIsLeft() {
    SlowClient client = new SlowClient();
    Farewell.say(client, Refusals.shuttingDown());

    client.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(client.isOpen()).isTrue();

    client.takesAll();
    assertFirstByte(client, 'E');
    assertThat(client.isOpen()).isFalse();
    client.finishAndReleaseAll();
  }

  @Test
  void aClientThatNeverReadsIsClosedInTheEnd() {
    SlowClient client = new SlowClient();
    Farewell.say(client, Refusals.shuttingDown());

    client.pass(61);

    assertThat(client.isOpen()).isFalse();
  }

  private static void assertFirstByte(EmbeddedChannel client, char expected) {
    ByteBuf bytes = client.readOutbound();
    assertThat((char) bytes.getByte(0)).isEqualTo(expected);
    bytes.release();
  }

  /** Takes nothing until it is told to. */
  private static final class SlowClient extends EmbeddedChannel {
    private boolean takes;

    SlowClient(ChannelInboundHandlerAdapter... handlers) {
      super(handlers);
      freezeTime();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
      if (takes) {
        super.doWrite(in);
      }
    }

    void takesAll() {
      takes = true;
      flush();
      runPendingTasks();
    }

    void pass(int seconds) {
      advanceTimeBy(seconds, TimeUnit.SECONDS);
      runScheduledPendingTasks();
    }
  }

  private static final class Unwanted extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      throw new AssertionError("still there");
    }
  }
}
