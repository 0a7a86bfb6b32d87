package dev.understudy.proxy.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Frame;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.protocol.backend.ParameterStatus;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side from connected to its first ReadyForQuery.
 *
 * <p>The client was authenticated and its protocol version negotiated before there was a server, so
 * AuthenticationOk and NegotiateProtocolVersion end here, and so does BackendKeyData: the client
 * has a key of ours already, which reaches this server from then on. All else passes on byte for
 * byte.
 */
final class ServerStartup extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ServerStartup.class);

  private static final int SHORTEST_FRAME = 5;

  /** As libpq has it: what claims to be a longer error is none. */
  private static final int LONGEST_ERROR = 30_000;

  private final StartupMessage startup;
  private final Path socket;
  private final CancelRegistry.Registration cancelKey;
  private final Channel client;
  private final Listener listener;
  private Progress progress = Progress.AUTHENTICATING;

  ServerStartup(
      StartupMessage startup,
      Path socket,
      CancelRegistry.Registration cancelKey,
      Channel client,
      Listener listener) {
    this.startup = requireNonNull(startup, "startup is null");
    this.socket = requireNonNull(socket, "socket is null");
    this.cancelKey = requireNonNull(cancelKey, "cancelKey is null");
    this.client = requireNonNull(client, "client is null");
    this.listener = requireNonNull(listener, "listener is null");
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    Channels.writeAndFlush(ctx.channel(), Channels.encode(ctx.channel(), startup::encode));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (progress == Progress.OVER) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (progress == Progress.AUTHENTICATING && isUnframedError(in)) {
      readUnframedError(ctx, in);
      return;
    }
    Frame frame = Frame.decode(in, BackendMessageDecoder.MAXIMUM_LENGTH);
    if (frame != null) {
      handle(ctx, frame, BackendMessageDecoder.decode(frame));
    }
  }

  /** A server without a process for the session tells it as protocol 2 did: without a length. */
  private static boolean isUnframedError(ByteBuf in) {
    int start = in.readerIndex();
    if (in.readableBytes() < SHORTEST_FRAME || in.getByte(start) != 'E') {
      return false;
    }
    int length = in.getInt(start + 1);
    return length < 0 || length > LONGEST_ERROR;
  }

  private void readUnframedError(ChannelHandlerContext ctx, ByteBuf in) {
    int length = in.bytesBefore((byte) 0);
    if (length > 0) {
      String said = in.toString(in.readerIndex() + 1, length - 1, UTF_8).strip();
      progress = Progress.OVER;
      Channels.close(ctx);
      listener.noProcess(said);
    } else if (in.readableBytes() > LONGEST_ERROR) {
      fail(ctx, "It does not keep to the protocol.");
    }
  }

  private void handle(ChannelHandlerContext ctx, Frame frame, BackendMessage message) {
    switch (message) {
      case AuthenticationOk _ when progress == Progress.AUTHENTICATING ->
          progress = Progress.AUTHENTICATED;
      case AuthenticationRequest _ -> fail(ctx, "It asks for authentication.");
      case NegotiateProtocolVersion negotiated ->
          // 3.0 and 3.2 differ in the length of cancel keys alone, and those are ours.
          log.warn(
              "{}: server speaks protocol 3.{}, the client was told 3.{}",
              ClientAddress.of(client),
              negotiated.minor(),
              startup.minor());
      case ErrorResponse error
          when progress == Progress.AUTHENTICATING
              && SqlState.CANNOT_CONNECT_NOW.equals(error.sqlState()) -> {
        progress = Progress.NOT_YET;
        log.debug("{}: its server says: {}", ClientAddress.of(client), error.message());
      }
      case ErrorResponse _ -> {
        progress = Progress.REFUSED;
        pass(frame::encode);
      }
      case NoticeResponse _ -> pass(frame::encode);
      case ParameterStatus _ -> pass(frame::encode);
      case BackendKeyData key -> cancelKey.reach(socket, key);
      case ReadyForQuery _ when progress == Progress.AUTHENTICATED -> {
        progress = Progress.OVER;
        listener.ready(ctx, Channels.encode(client, frame::encode));
      }
      case ReadyForQuery _ -> fail(ctx, "It is ready without having said AuthenticationOk.");
    }
  }

  private void pass(Consumer<ByteBuf> message) {
    Channels.write(client, Channels.encode(client, message));
  }

  private void fail(ChannelHandlerContext ctx, String detail) {
    progress = Progress.OVER;
    Channels.close(ctx);
    listener.failed(detail);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    client.flush();
    if (!client.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    switch (progress) {
      case REFUSED -> listener.refused();
      case NOT_YET -> listener.notYet();
      case AUTHENTICATING, AUTHENTICATED -> listener.closed();
      case OVER -> {}
    }
    progress = Progress.OVER;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (progress == Progress.OVER) {
      Channels.close(ctx);
    } else if (cause instanceof DecoderException
        && cause.getCause() instanceof ProtocolException violation) {
      fail(ctx, "It does not keep to the protocol: " + violation.message() + ".");
    } else {
      log.warn("{}: lost a server during startup", ClientAddress.of(client), cause);
      if (cause instanceof IOException || progress != Progress.AUTHENTICATING) {
        // What it said before it was lost still counts.
        Channels.close(ctx);
      } else {
        fail(ctx, "It cannot be talked to.");
      }
    }
  }

  private enum Progress {
    AUTHENTICATING,
    AUTHENTICATED,
    /** The server said why not; it closes the connection next. */
    REFUSED,
    /** The server lets nobody in for now; it closes the connection next. */
    NOT_YET,
    OVER
  }

  /**
   * Hears exactly one of these, once. Who closes the channel before that hears {@link #closed} too.
   */
  interface Listener {
    /**
     * The session can begin.
     *
     * @param server whose handler is to be replaced now; bytes that it has read already go to the
     *     replacement
     * @param readyForQuery for the client; owned by the callee
     */
    void ready(ChannelHandlerContext server, ByteBuf readyForQuery);

    /** The server has refused the session; its error is on the way to the client. */
    void refused();

    /** The server lets nobody in for now (57P03), as it recovers, or stops. */
    void notYet();

    /** The server cannot start a process for the session, as this many run already. */
    void noProcess(String said);

    /** The connection has ended, and the server has not said why. */
    void closed();

    /** The server does not keep to what is agreed. */
    void failed(String detail);
  }
}
