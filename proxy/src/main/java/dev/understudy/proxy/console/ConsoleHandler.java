package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import dev.understudy.protocol.backend.ServerMessage;
import dev.understudy.protocol.frontend.FrontendMessage;
import dev.understudy.protocol.frontend.FrontendMessageDecoder;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.client.Traffic;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session of the console, after AuthenticationOk. Reads on only when a message has been
 * answered, and while the client takes the answers: what is on its way waits in the socket. Lives
 * on the client's event loop.
 */
final class ConsoleHandler extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ConsoleHandler.class);

  private final Console console;
  private final ConsoleClient client;
  private final Traffic traffic;
  private final CancelRegistry.Registration key;
  private final Parameters parameters;
  private final PreparedStatements prepared = new PreparedStatements();
  private final DriverStatements driver;
  private final Current current = new Current();
  private @Nullable ConsoleSession session;
  private boolean answering;
  private boolean leaving;

  /** What an answer waits with for the client to take more; null: none does. */
  private @Nullable CompletableFuture<@Nullable Void> room;

  /** Why it ends once what is being answered is; null: it goes on. */
  private @Nullable ErrorResponse ending;

  private ConsoleHandler(
      Console console,
      ConsoleClient client,
      Traffic traffic,
      CancelRegistry cancels,
      int cancelKeyLength) {
    this.console = requireNonNull(console, "console is null");
    this.client = requireNonNull(client, "client is null");
    this.traffic = requireNonNull(traffic, "traffic is null");
    this.key = cancels.register(current::cancel, cancelKeyLength);
    this.parameters = new Parameters(client.login());
    this.driver =
        new DriverStatements(
            parameters,
            new SelectList(client.login(), key.clientKey().pid(), parameters),
            prepared);
  }

  /** Takes over a client that has been told AuthenticationOk. */
  static void replace(
      ChannelHandlerContext previous,
      Console console,
      ConsoleClient client,
      Traffic traffic,
      CancelRegistry cancels,
      int cancelKeyLength) {
    ConsoleHandler handler = new ConsoleHandler(console, client, traffic, cancels, cancelKeyLength);
    Channels.whenClosed(previous.channel(), handler.key::remove);
    previous.pipeline().replace(previous.handler(), null, handler);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    session =
        new ConsoleSession(
            text -> current.watched(console.prepare(text, client)),
            driver,
            prepared,
            ctx.executor(),
            message -> write(ctx, message),
            () -> room(ctx));
    parameters.reported().forEach(status -> write(ctx, status));
    write(ctx, key.clientKey());
    write(ctx, new ReadyForQuery(driver.status()));
    ctx.flush();
    traffic.quiet(true);
  }

  private void write(ChannelHandlerContext ctx, ServerMessage message) {
    ByteBuf bytes = Channels.encode(ctx.channel(), message::encode);
    traffic.sent(bytes.readableBytes());
    Channels.write(ctx.channel(), bytes);
  }

  /** As {@link ConsoleSession} wants it. */
  private CompletableFuture<@Nullable Void> room(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<@Nullable Void> waiting = new CompletableFuture<>();
    room = waiting;
    if (ending != null) {
      end(ctx, ending);
    } else {
      ctx.flush();
    }
    return waiting;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      // In a turn of its own: here it is in the middle of a flush.
      Channels.execute(ctx.channel(), () -> takesMore(ctx));
    } else {
      ctx.channel().config().setAutoRead(false);
    }
  }

  private void takesMore(ChannelHandlerContext ctx) {
    if (leaving || !ctx.channel().isWritable()) {
      return;
    }
    CompletableFuture<@Nullable Void> waiting = room;
    if (waiting != null) {
      room = null;
      waiting.complete(null);
    } else if (!answering) {
      goOn(ctx);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    traffic.received(((ByteBuf) message).readableBytes(), System.nanoTime());
    super.channelRead(ctx, message);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (answering || leaving || !ctx.channel().isWritable()) {
      return;
    }
    FrontendMessage message = FrontendMessageDecoder.decode(in);
    if (message == FrontendMessage.Simple.TERMINATE) {
      leave(ctx);
    } else if (message != null) {
      answer(ctx, message);
    }
  }

  private void answer(ChannelHandlerContext ctx, FrontendMessage message) {
    CompletableFuture<@Nullable Void> answered =
        requireNonNull(session, "session is null").accept(message).toCompletableFuture();
    if (answered.isDone() && !answered.isCompletedExceptionally()) {
      return;
    }
    answering = true;
    ctx.channel().config().setAutoRead(false);
    CompletableFuture<@Nullable Void> _ =
        answered.whenComplete((_, failure) -> {
          answering = false;
          if (failure == null) {
            goOn(ctx);
          } else {
            exceptionCaught(ctx, failure);
          }
        });
  }

  /** With what has been read meanwhile. */
  private void goOn(ChannelHandlerContext ctx) {
    ctx.flush();
    if (ending != null) {
      end(ctx, ending);
      return;
    }
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    try {
      super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
      channelReadComplete(ctx);
    } catch (Exception e) {
      exceptionCaught(ctx, e);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    ctx.flush();
    traffic.quiet(!answering && driver.status() == TransactionStatus.IDLE);
    super.channelReadComplete(ctx);
  }

  private void leave(ChannelHandlerContext ctx) {
    leaving = true;
    Channels.close(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ConnectionEvent.SHUTTING_DOWN) {
      endWhenAnswered(ctx, Refusals.shuttingDown());
    } else if (event == ConnectionEvent.KILLED) {
      endWhenAnswered(ctx, Refusals.killed());
      current.cancel();
    } else if (event instanceof ChannelInputShutdownEvent) {
      leave(ctx);
    }
  }

  private void endWhenAnswered(ChannelHandlerContext ctx, ErrorResponse why) {
    ending = why;
    if (!answering || room != null) {
      end(ctx, why);
    }
  }

  private void end(ChannelHandlerContext ctx, ErrorResponse why) {
    leaving = true;
    Farewell.say(ctx.channel(), why);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable real =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    switch (real) {
      case ProtocolException e -> {
        log.info("{}: console: {}", client.address(), e.message());
        end(ctx, ErrorResponse.fatal(e));
      }
      case IOException e -> {
        log.debug("{}: console: connection lost: {}", client.address(), e.toString());
        leave(ctx);
      }
      default -> {
        log.error("{}: console failed", client.address(), real);
        end(ctx, Refusals.internalError());
      }
    }
  }
}
