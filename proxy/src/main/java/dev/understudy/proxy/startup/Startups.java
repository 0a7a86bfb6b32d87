package dev.understudy.proxy.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.authenticate.Authenticator;
import dev.understudy.proxy.cancel.CancelRequests;
import dev.understudy.proxy.listen.Arrival;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.session.Sessions;
import dev.understudy.proxy.tls.TlsCertificates;
import io.netty.channel.ChannelHandler;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known to a client that has not authenticated, and the two doors it can be led to.
 *
 * @param tls null: TLS is declined
 */
public record Startups(
    @Nullable TlsCertificates tls,
    Supplier<Names> names,
    Authenticator authenticator,
    Sessions sessions,
    CancelRequests cancelRequests) {
  public Startups {
    requireNonNull(names, "names is null");
    requireNonNull(authenticator, "authenticator is null");
    requireNonNull(sessions, "sessions is null");
    requireNonNull(cancelRequests, "cancelRequests is null");
  }

  /** The handler of a connection that has just been let in. */
  public ChannelHandler firstPhase(Arrival arrival) {
    return new StartupHandler(this, arrival);
  }
}
