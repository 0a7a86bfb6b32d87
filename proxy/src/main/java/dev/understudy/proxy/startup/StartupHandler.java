package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.GSSENCRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import dev.understudy.proxy.access.Origin;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.tls.Encryption;
import dev.understudy.proxy.tls.TlsCertificates;
import dev.understudy.proxy.tls.TlsPipeline;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads startup packets until it knows what the client is here for.
 *
 * <p>Encryption is asked for once of each kind and in any order, TLS also without asking; a client
 * that goes on without waiting for the answer is refused, as by PostgreSQL. Inside TLS another one
 * of these goes on. A client that says nothing at all is none of the log's business: load balancers
 * probe like that.
 */
final class StartupHandler extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(StartupHandler.class);

  private static final byte ACCEPTED = 'S';
  private static final byte DECLINED = 'N';

  /** What TLS begins with, and no startup packet of a possible length. */
  private static final byte TLS_HANDSHAKE = 0x16;

  private final Startups startups;
  private final Arrival arrival;

  /** Null: not inside TLS, or the handshake has not ended. */
  private @Nullable Encryption encryption;

  private boolean isFirst = true;

  /** Waits for a place to authenticate in: what follows is the next phase's. */
  private boolean isDone;

  private boolean triedTls;
  private boolean triedGss;

  StartupHandler(Startups startups, Arrival arrival) {
    this.startups = requireNonNull(startups, "startups is null");
    this.arrival = requireNonNull(arrival, "arrival is null");
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (isDone) {
      return;
    }
    TlsCertificates tls = startups.tls();
    if (isFirst
        && encryption == null
        && tls != null
        && in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
      arrival.heard(ctx.channel());
      beginTls(ctx, tls, true);
      return;
    }
    StartupPacket packet = StartupPacketDecoder.decode(in);
    if (packet != null) {
      isFirst = false;
      arrival.heard(ctx.channel());
      handle(ctx, packet, in);
    }
  }

  private void handle(ChannelHandlerContext ctx, StartupPacket packet, ByteBuf in) {
    switch (packet) {
      case SSLRequest _ -> {
        requireUntried(triedTls, "SSLRequest");
        triedTls = true;
        answerTls(ctx, in);
      }
      case GSSENCRequest _ -> {
        requireUntried(triedGss, "GSSENCRequest");
        triedGss = true;
        answer(ctx, DECLINED);
        requireNothingEarly(in, "GSSAPI encryption");
      }
      case CancelRequest request -> {
        arrival.passed();
        if (startups.rules().admitsCancelFrom(ClientAddress.of(ctx.channel()))) {
          startups.cancelRequests().forward(ctx, request);
        } else {
          log.info("{}: cancel request refused by listen.hba", ClientAddress.of(ctx.channel()));
          Channels.close(ctx);
        }
      }
      case StartupMessage message -> login(ctx, message);
    }
  }

  private void login(ChannelHandlerContext ctx, StartupMessage message) {
    if (startups.leaving().getAsBoolean()) {
      startups.refuse(ctx.channel(), Refusals.lettingNobodyIn());
      return;
    }
    TlsCertificates tls = startups.tls();
    Origin origin = new Origin(ClientAddress.of(ctx.channel()), encryption != null);
    ErrorResponse refusal =
        tls != null && tls.required() && encryption == null
            ? Refusals.tlsRequired()
            : startups.rules().refusal(origin);
    if (refusal == null) {
      isDone = true;
      arrival.authenticate(ctx.channel(), () -> admitted(ctx, message, origin));
    } else {
      log.info("{}: refused: {}", ClientAddress.of(ctx.channel()), refusal.message());
      startups.refuse(ctx.channel(), refusal);
    }
  }

  private void admitted(ChannelHandlerContext ctx, StartupMessage message, Origin origin) {
    if (startups.leaving().getAsBoolean()) {
      startups.refuse(ctx.channel(), Refusals.lettingNobodyIn());
      return;
    }
    try {
      LoginHandler.replace(ctx, message, startups, arrival, origin, encryption);
    } catch (RuntimeException e) {
      exceptionCaught(ctx, e);
    }
  }

  private void requireUntried(boolean tried, String request) {
    if (encryption != null) {
      throw new ProtocolException(request + " sent inside TLS");
    }
    if (tried) {
      throw new ProtocolException(request + " sent twice");
    }
  }

  private void answerTls(ChannelHandlerContext ctx, ByteBuf in) {
    TlsCertificates tls = startups.tls();
    if (tls == null) {
      answer(ctx, DECLINED);
      requireNothingEarly(in, "SSL");
    } else {
      // An error can be read in place of the answer, and not in the middle of a handshake.
      requireNothingEarly(in, "SSL");
      answer(ctx, ACCEPTED);
      beginTls(ctx, tls, false);
    }
  }

  private void beginTls(ChannelHandlerContext ctx, TlsCertificates tls, boolean isDirect) {
    TlsCertificates held = tls;
    while (held != null && !held.hold()) {
      held = startups.tls(); // the settings have changed in this very moment
    }
    if (held == null) {
      Channels.close(ctx);
      return;
    }
    TlsPipeline.begin(ctx, held, isDirect, new StartupHandler(startups, arrival));
  }

  private static void answer(ChannelHandlerContext ctx, byte answer) {
    Channels.writeAndFlush(ctx.channel(), ctx.alloc().buffer(1).writeByte(answer));
  }

  private static void requireNothingEarly(ByteBuf in, String wanted) {
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
    switch (event) {
      case Encryption established -> {
        encryption = established;
        arrival.heard(ctx.channel());
      }
      case ChannelInputShutdownEvent _ -> Channels.close(ctx);
      case ConnectionEvent.DEADLINE_EXPIRED -> Channels.close(ctx);
      default -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    StartupFailure.handle(ctx.channel(), cause);
  }
}
