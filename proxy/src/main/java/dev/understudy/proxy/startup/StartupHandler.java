package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.GSSENCRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.listen.ConnectionEvent;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Reads startup packets until it knows what the client is here for.
 *
 * <p>Encryption is declined, TLS and GSSAPI once each and in any order; a client that goes on
 * without waiting for the answer is refused, as by PostgreSQL. A client that says nothing at all is
 * none of the log's business: load balancers probe like that.
 */
final class StartupHandler extends ByteToMessageDecoder {
  private static final byte DECLINED = 'N';

  private final Startups startups;
  private final Arrival arrival;
  private boolean triedTls;
  private boolean triedGss;

  StartupHandler(Startups startups, Arrival arrival) {
    this.startups = requireNonNull(startups, "startups is null");
    this.arrival = requireNonNull(arrival, "arrival is null");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    StartupPacket packet = StartupPacketDecoder.decode(in);
    switch (packet) {
      case null -> {}
      case SSLRequest _ -> {
        if (triedTls) {
          throw new ProtocolException("SSLRequest sent twice");
        }
        triedTls = true;
        decline(ctx, in, "SSL");
      }
      case GSSENCRequest _ -> {
        if (triedGss) {
          throw new ProtocolException("GSSENCRequest sent twice");
        }
        triedGss = true;
        decline(ctx, in, "GSSAPI encryption");
      }
      case CancelRequest request -> {
        arrival.passed();
        startups.cancelRequests().forward(ctx, request);
      }
      case StartupMessage message -> LoginHandler.replace(ctx, message, startups, arrival);
    }
  }

  private static void decline(ChannelHandlerContext ctx, ByteBuf in, String wanted) {
    Channels.writeAndFlush(ctx.channel(), ctx.alloc().buffer(1).writeByte(DECLINED));
    if (in.isReadable()) {
      throw new ProtocolException(
          SqlState.PROTOCOL_VIOLATION,
          "received unencrypted data after " + wanted + " request",
          "This could be either a client-software bug or evidence of an attempted"
              + " man-in-the-middle attack.");
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof ConnectionEvent) {
      Channels.close(ctx);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    StartupFailure.handle(ctx.channel(), cause);
  }
}
