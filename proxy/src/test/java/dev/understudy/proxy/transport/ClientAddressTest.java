package dev.understudy.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
  @Test
  void isWhatWasToldOrElseWhereTheConnectionComesFrom() {
    EmbeddedChannel client = new EmbeddedChannel();
    assertThat(ClientAddress.of(client)).isEqualTo(client.remoteAddress());

    InetSocketAddress told = new InetSocketAddress("203.0.113.9", 40_000);
    ClientAddress.set(client, told);
    assertThat(ClientAddress.of(client)).isEqualTo(told);
    client.finishAndReleaseAll();
  }

  /** Else a rule, a limit or the log would take a load balancer for the client. */
  @Test
  void nobodyElseAsksTheConnection() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      assertThat(sources.filter(ClientAddressTest::asks).map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("ClientAddress.java", "ProxyHeaderHandler.java");
    }
  }

  private static boolean asks(Path source) {
    try {
      return source.toString().endsWith(".java")
          && Files.readString(source).contains(".remoteAddress()");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
