package dev.understudy.proxy.cancel;

import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ServerConnector;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cancel request of the proxy's own, for a statement that nobody waits for any more. */
public final class ServerCancel {
  private static final Logger log = LoggerFactory.getLogger(ServerCancel.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private ServerCancel() {}

  /** Sends it, and waits for nothing. Whether it has come too late, nobody learns. */
  public static void send(
      ServerConnector connector, EventLoop eventLoop, CancelTarget.Server target) {
    Future<Channel> server =
        connector.connect(eventLoop, target.socket(), () -> new Sender(target));
    Channels.whenDone(
        server,
        () -> {
          if (!server.isSuccess()) {
            log.debug("{}: a cancel request cannot be sent", target.socket(), server.cause());
          }
        });
  }

  /** The server closes the connection when it has read the request. */
  private static final class Sender extends ChannelInboundHandlerAdapter {
    private final CancelTarget.Server target;

    private Sender(CancelTarget.Server target) {
      this.target = target;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      Channels.closeAfter(ctx.channel(), TIMEOUT);
      Channels.writeAndFlush(
          ctx.channel(), Channels.encode(ctx.channel(), target.request()::encode));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      Channels.close(ctx);
    }
  }
}
