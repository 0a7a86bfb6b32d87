package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.access.AccessRules;
import dev.understudy.proxy.authenticate.Authenticator;
import dev.understudy.proxy.cancel.CancelRequests;
import dev.understudy.proxy.console.Consoles;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.session.Sessions;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.proxy.tls.CurrentTls;
import dev.understudy.proxy.tls.TlsCertificates;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known to a client that has not authenticated, and the three doors it can be led to.
 *
 * @param leaving whether the proxy wants to stop, and lets nobody in any more
 */
public record Startups(
    CurrentTls currentTls,
    Supplier<Names> names,
    Supplier<AccessRules> accessRules,
    Throttle throttle,
    Authenticator authenticator,
    Sessions sessions,
    Consoles consoles,
    CancelRequests cancelRequests,
    BooleanSupplier leaving) {
  public Startups {
    requireNonNull(currentTls, "currentTls is null");
    requireNonNull(names, "names is null");
    requireNonNull(accessRules, "accessRules is null");
    requireNonNull(throttle, "throttle is null");
    requireNonNull(authenticator, "authenticator is null");
    requireNonNull(sessions, "sessions is null");
    requireNonNull(consoles, "consoles is null");
    requireNonNull(cancelRequests, "cancelRequests is null");
    requireNonNull(leaving, "leaving is null");
  }

  /** Null: TLS is declined. */
  @Nullable TlsCertificates tls() {
    return currentTls.certificates();
  }

  AccessRules rules() {
    return accessRules.get();
  }

  /** Ends a connection that has no session yet, and counts it. On its event loop. */
  void refuse(Channel client, ErrorResponse refusal) {
    sessions.clients().refused(refusal);
    Farewell.say(client, refusal);
  }

  /** The handler of a connection that has just been let in. */
  public ChannelHandler firstPhase(Arrival arrival) {
    return new StartupHandler(this, arrival);
  }
}
