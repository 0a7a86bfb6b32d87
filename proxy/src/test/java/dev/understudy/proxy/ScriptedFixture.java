package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.ScriptedServer;
import dev.understudy.proxy.testing.Scripts;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server that plays scripts behind all environments; in the end nobody keeps a lease of them. */
abstract class ScriptedFixture {
  ScriptedServer server;
  FakeEnvironments environments;

  @BeforeEach
  final void startServer() throws IOException {
    server = new ScriptedServer(Scripts::echoReady);
    environments = FakeEnvironments.at(server.socket());
  }

  @AfterEach
  final void stopServer() throws IOException {
    server.close();
    assertThat(environments.openLeases()).isZero();
  }
}
