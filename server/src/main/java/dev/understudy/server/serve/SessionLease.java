package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.proxy.environment.Lease;
import java.nio.file.Path;
import java.util.Map;

/** The cloner's session as the proxy's lease. */
final class SessionLease implements Lease {
  private final EnvironmentSession session;

  SessionLease(EnvironmentSession session) {
    this.session = requireNonNull(session, "session is null");
  }

  @Override
  public Path socket() {
    return session.socket();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "understudy.environment", session.environment(),
        "understudy.source", session.source(),
        "understudy.data_time", session.dataTime().toString());
  }

  @Override
  public void clientActivity() {
    session.activity();
  }

  @Override
  public void close() {
    session.close();
  }
}
