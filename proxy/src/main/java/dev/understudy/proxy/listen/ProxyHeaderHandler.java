package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.ProxyProtocol;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns from the header of the PROXY protocol where the client is, and then makes room for its
 * arrival, which has what is left of the one deadline. Until then the connection counts among the
 * silent ones of its sender. Of who says nothing, nothing is logged: load balancers probe like
 * that. Confined to the connection's event loop.
 */
public final class ProxyHeaderHandler extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderHandler.class);

  private static final OccasionalWarning WARNING =
      new OccasionalWarning(
          log, "Refused connections without a PROXY protocol header, or not from its senders");

  private final ProxyProtocol proxyProtocol;
  private final Entrance entrance;
  private final Duration timeout;
  private final Function<Duration, ChannelHandler> arrival;
  private final long startNanos = System.nanoTime();
  private Porch.@Nullable Stay silence;
  private @Nullable Future<?> deadline;

  /**
   * Begins when the channel is active.
   *
   * @param timeout from accept to authenticated
   * @param arrival makes the handler of the rest, with what is left of the timeout
   */
  public ProxyHeaderHandler(
      ProxyProtocol proxyProtocol,
      Entrance entrance,
      Duration timeout,
      Function<Duration, ChannelHandler> arrival) {
    this.proxyProtocol = requireNonNull(proxyProtocol, "proxyProtocol is null");
    this.entrance = requireNonNull(entrance, "entrance is null");
    this.timeout = requireNonNull(timeout, "timeout is null");
    this.arrival = requireNonNull(arrival, "arrival is null");
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channel client = ctx.channel();
    Runnable close = () -> Channels.execute(client, () -> closeUnlessRemoved(ctx));
    silence = entrance.porch().enter(AddressGroup.of(client.remoteAddress()), close);
    deadline = ctx.executor().schedule(close, timeout.toNanos(), TimeUnit.NANOSECONDS);
    Channels.whenClosed(client, this::over);
    ctx.read();
  }

  private static void closeUnlessRemoved(ChannelHandlerContext ctx) {
    if (!ctx.isRemoved()) {
      Channels.close(ctx);
    }
  }

  private void over() {
    if (silence != null) {
      silence.end();
    }
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    Channel client = ctx.channel();
    SocketAddress sender = client.remoteAddress();
    if (!(sender instanceof InetSocketAddress inet && proxyProtocol.trusts(inet.getAddress()))) {
      refuse(ctx, Refusals.notASender(sender));
      return;
    }
    ProxyHeader header = ProxyHeader.decode(in);
    if (header != null) {
      if (header.source() != null) {
        ClientAddress.set(client, header.source());
      }
      over();
      makeRoom(ctx);
    }
  }

  private void makeRoom(ChannelHandlerContext ctx) {
    ChannelPipeline pipeline = ctx.pipeline();
    Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
    pipeline.addAfter(ctx.name(), null, arrival.apply(left));
    ctx.fireChannelActive();
    // Hands over what has come behind the header.
    pipeline.remove(this);
  }

  private void refuse(ChannelHandlerContext ctx, ErrorResponse refusal) {
    WARNING.happened();
    over();
    entrance.regrets().say(ctx.channel(), refusal);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof ConnectionEvent) {
      Channels.close(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() instanceof ProtocolException wrong) {
      refuse(ctx, Refusals.noProxyHeader(wrong.message()));
    } else {
      if (!(cause instanceof IOException)) {
        log.warn("{}: reading its header failed", ctx.channel().remoteAddress(), cause);
      }
      Channels.close(ctx);
    }
  }
}
