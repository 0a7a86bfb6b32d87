package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A proxy before a scripted server, which gives back all that it has had. */
abstract class ProxyFixture extends ScriptedFixture {
  ProxyHarness proxy;

  @BeforeEach
  final void startProxy() throws IOException {
    proxy = ProxyHarness.start(environments);
  }

  @AfterEach
  final void stopProxy() {
    proxy.close();
    assertThat(proxy.sessions()).isZero();
  }
}
