package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.protocol.startup.ProtocolNegotiation;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.access.Origin;
import dev.understudy.proxy.authenticate.Authentication;
import dev.understudy.proxy.authenticate.Step;
import dev.understudy.proxy.cancel.CancelRegistry;
import dev.understudy.proxy.console.ConsoleClient;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.route.ConsoleRoute;
import dev.understudy.proxy.route.EnvironmentRoute;
import dev.understudy.proxy.route.RefusedRoute;
import dev.understudy.proxy.route.Route;
import dev.understudy.proxy.route.Router;
import dev.understudy.proxy.session.SessionRequest;
import dev.understudy.proxy.throttle.Ruling;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.proxy.tls.Encryption;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import dev.understudy.proxy.transport.ConnectionEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private final Origin origin;
  private final Throttle.Attempt attempt;
  private final Authentication authentication;
  private final String applicationName;
  private final long beginNanos = System.nanoTime();

  /** Runs while the client waits for the answer that is known already. */
  private @Nullable Future<?> pending;

  private LoginHandler(
      Startups startups,
      Arrival arrival,
      Route route,
      ProtocolNegotiation negotiation,
      Origin origin,
      StartupMessage message,
      @Nullable Encryption encryption) {
    this.startups = requireNonNull(startups, "startups is null");
    this.arrival = requireNonNull(arrival, "arrival is null");
    this.route = requireNonNull(route, "route is null");
    this.negotiation = requireNonNull(negotiation, "negotiation is null");
    this.origin = requireNonNull(origin, "origin is null");
    this.authentication =
        startups
            .authenticator()
            .begin(
                route.login(),
                route.source(),
                route.environment(),
                message.user(),
                encryption == null ? null : encryption.binding());
    this.attempt =
        startups.throttle().attempt(origin.address(), route.login(), realm(authentication.scope()));
    this.applicationName = Descriptions.applicationName(message);
  }

  /**
   * Where failures and successes of a login count together. Who can set a role's password in one
   * environment could else clear by it what counts against guesses at production's.
   */
  private String realm(@Nullable String scope) {
    return scope == null ? route.source() : route.source() + "\0" + scope;
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
      Origin origin,
      @Nullable Encryption encryption) {
    String serverName = encryption == null ? null : encryption.serverName();
    Route route = Router.route(message, serverName, startups.names().get());
    ProtocolNegotiation negotiation = ProtocolNegotiation.of(message, route.protocolMinor());
    LoginHandler handler =
        new LoginHandler(startups, arrival, route, negotiation, origin, message, encryption);
    Duration turnedAwayFor = handler.attempt.turnedAwayFor();
    if (turnedAwayFor == null) {
      previous.pipeline().replace(previous.handler(), null, handler);
    } else {
      handler.turnAway(previous.channel(), turnedAwayFor);
    }
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
    if (pending != null) {
      return;
    }
    AuthenticationResponse response = AuthenticationResponse.decode(in);
    if (response == null) {
      return;
    }
    arrival.heard(ctx.channel());
    Step step = authentication.answer(response);
    if (step instanceof Step.Challenge(AuthenticationRequest request)) {
      send(ctx, List.of(request));
    } else {
      settle(ctx, step);
    }
  }

  /** Whatever the answer is: when it comes, and whether it comes, must not tell it. */
  private void settle(ChannelHandlerContext ctx, Step verdict) {
    switch (attempt.settle(verdict instanceof Step.Accepted)) {
      case Ruling.Answered(Duration after) when after.isZero() -> answer(ctx, verdict);
      case Ruling.Answered(Duration after) -> {
        ctx.channel().config().setAutoRead(false);
        pending =
            ctx.executor()
                .schedule(() -> answerLate(ctx, verdict), after.toNanos(), TimeUnit.NANOSECONDS);
      }
      case Ruling.TurnedAway(Duration retryAfter) -> turnAway(ctx.channel(), retryAfter);
    }
  }

  private void answerLate(ChannelHandlerContext ctx, Step verdict) {
    pending = null;
    ctx.channel().config().setAutoRead(true);
    try {
      answer(ctx, verdict);
    } catch (RuntimeException e) {
      exceptionCaught(ctx, e);
    }
  }

  private void turnAway(Channel client, Duration retryAfter) {
    log.info(
        "{}: \"{}\" turned away for {} s after too many failed authentications",
        ClientAddress.of(client),
        route.login(),
        retryAfter.toSeconds());
    startups.refuse(client, Refusals.tooManyFailures(retryAfter));
  }

  private void answer(ChannelHandlerContext ctx, Step verdict) {
    switch (verdict) {
      case Step.Challenge _ -> throw new IllegalArgumentException("a challenge is no verdict");
      case Step.Accepted(String role, String scope, List<AuthenticationRequest> last) -> {
        send(ctx, last);
        authenticated(ctx, role, scope);
      }
      case Step.Rejected(ErrorResponse error, String reason) -> {
        log.info(
            "{}: \"{}\" not authenticated: {}",
            ClientAddress.of(ctx.channel()),
            route.login(),
            reason);
        startups.refuse(ctx.channel(), error);
      }
    }
  }

  private static void send(
      ChannelHandlerContext ctx, List<? extends AuthenticationRequest> messages) {
    ByteBuf bytes =
        Channels.encode(ctx.channel(), out -> messages.forEach(message -> message.encode(out)));
    Channels.writeAndFlush(ctx.channel(), bytes);
  }

  private void authenticated(ChannelHandlerContext ctx, String role, @Nullable String scope) {
    arrival.passed();
    send(ctx, List.of(new AuthenticationOk()));
    ErrorResponse refusal = startups.rules().refusal(origin, route);
    if (refusal != null) {
      refuse(ctx, refusal);
      return;
    }
    switch (route) {
      case EnvironmentRoute environment ->
          startups
              .sessions()
              .begin(
                  ctx,
                  new SessionRequest(
                      environment,
                      role,
                      scope,
                      negotiation.minor(),
                      ClientAddress.of(ctx.channel()),
                      Duration.ofNanos(System.nanoTime() - beginNanos)),
                  Descriptions.of(environment, role, applicationName, ctx.channel()));
      case ConsoleRoute console ->
          startups
              .consoles()
              .begin(
                  ctx,
                  new ConsoleClient(console.login(), role, origin),
                  Descriptions.of(console, role, applicationName, ctx.channel()),
                  CancelRegistry.keyLength(negotiation.minor()));
      case RefusedRoute refused -> refuse(ctx, refused.refusal());
    }
  }

  private void refuse(ChannelHandlerContext ctx, ErrorResponse refusal) {
    log.info(
        "{}: \"{}\" refused: {}",
        ClientAddress.of(ctx.channel()),
        route.login(),
        refusal.message());
    startups.refuse(ctx.channel(), refusal);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case ConnectionEvent.DEADLINE_EXPIRED -> refuse(ctx, Refusals.authenticationTimeout());
      case ConnectionEvent.SHUTTING_DOWN ->
          startups.refuse(ctx.channel(), Refusals.lettingNobodyIn());
      case ChannelInputShutdownEvent _ -> Channels.close(ctx);
      default -> {}
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    StartupFailure.handle(ctx.channel(), cause);
  }
}
