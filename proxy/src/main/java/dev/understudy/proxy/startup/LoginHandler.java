package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.protocol.startup.ProtocolNegotiation;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.authenticate.Authentication;
import dev.understudy.proxy.authenticate.Step;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.listen.ConnectionEvent;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.RefusedRoute;
import dev.understudy.proxy.route.Route;
import dev.understudy.proxy.route.Router;
import dev.understudy.proxy.session.SessionRequest;
import dev.understudy.proxy.tls.Encryption;
import dev.understudy.proxy.transport.Channels;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Negotiates the protocol version and authenticates the client. Where the route leads, or that it
 * leads nowhere, is told only after that.
 */
final class LoginHandler extends ByteToMessageDecoder {
  private static final Logger log = LoggerFactory.getLogger(LoginHandler.class);

  private final Startups startups;
  private final Arrival arrival;
  private final Route route;
  private final ProtocolNegotiation negotiation;
  private final Authentication authentication;

  private LoginHandler(
      Startups startups,
      Arrival arrival,
      Route route,
      ProtocolNegotiation negotiation,
      String user,
      @Nullable Encryption encryption) {
    this.startups = requireNonNull(startups, "startups is null");
    this.arrival = requireNonNull(arrival, "arrival is null");
    this.route = requireNonNull(route, "route is null");
    this.negotiation = requireNonNull(negotiation, "negotiation is null");
    this.authentication =
        startups
            .authenticator()
            .begin(
                route.login(),
                route.source(),
                user,
                encryption == null ? null : encryption.binding());
  }

  /**
   * Begins to authenticate who sent a startup message.
   *
   * @param previous whose handler is replaced; bytes that it has read already go to the replacement
   * @param encryption null: the client is not inside TLS
   */
  static void replace(
      ChannelHandlerContext previous,
      StartupMessage message,
      Startups startups,
      Arrival arrival,
      @Nullable Encryption encryption) {
    String serverName = encryption == null ? null : encryption.serverName();
    Route route = Router.route(message, serverName, startups.names().get());
    ProtocolNegotiation negotiation = ProtocolNegotiation.of(message, route.protocolMinor());
    LoginHandler handler =
        new LoginHandler(startups, arrival, route, negotiation, message.user(), encryption);
    previous.pipeline().replace(previous.handler(), null, handler);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Channels.writeAndFlush(ctx.channel(), Channels.encode(ctx.channel(), this::firstMessages));
  }

  private void firstMessages(ByteBuf out) {
    if (negotiation.answer() != null) {
      negotiation.answer().encode(out);
    }
    authentication.request().encode(out);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    AuthenticationResponse response = AuthenticationResponse.decode(in);
    if (response == null) {
      return;
    }
    switch (authentication.answer(response)) {
      case Step.Challenge(AuthenticationRequest request) -> send(ctx, List.of(request));
      case Step.Accepted(String role, List<AuthenticationRequest> last) -> {
        send(ctx, last);
        authenticated(ctx, role);
      }
      case Step.Rejected(ErrorResponse error, String reason) -> {
        log.info(
            "{}: \"{}\" not authenticated: {}",
            ctx.channel().remoteAddress(),
            route.login(),
            reason);
        Farewell.say(ctx.channel(), error);
      }
    }
  }

  private static void send(
      ChannelHandlerContext ctx, List<? extends AuthenticationRequest> messages) {
    ByteBuf bytes =
        Channels.encode(ctx.channel(), out -> messages.forEach(message -> message.encode(out)));
    Channels.writeAndFlush(ctx.channel(), bytes);
  }

  private void authenticated(ChannelHandlerContext ctx, String role) {
    arrival.passed();
    send(ctx, List.of(new AuthenticationOk()));
    switch (route) {
      case EnvironmentRoute environment ->
          startups
              .sessions()
              .begin(
                  ctx,
                  new SessionRequest(
                      environment, role, negotiation.minor(), ctx.channel().remoteAddress()));
      case RefusedRoute refused -> refuse(ctx, refused.refusal());
    }
  }

  private void refuse(ChannelHandlerContext ctx, ErrorResponse refusal) {
    log.info(
        "{}: \"{}\" refused: {}", ctx.channel().remoteAddress(), route.login(), refusal.message());
    Farewell.say(ctx.channel(), refusal);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ConnectionEvent.DEADLINE_EXPIRED -> refuse(ctx, Refusals.authenticationTimeout());
      case ConnectionEvent.SHUTTING_DOWN -> Farewell.say(ctx.channel(), Refusals.shuttingDown());
      case ChannelInputShutdownEvent _ -> Channels.close(ctx);
      default -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    StartupFailure.handle(ctx.channel(), cause);
  }
}
