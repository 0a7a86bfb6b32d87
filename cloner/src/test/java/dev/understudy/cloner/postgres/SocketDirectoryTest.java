package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.understudy.cloner.host.Account;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SocketDirectoryTest {
  private final List<SocketChannel> clients = new ArrayList<>();
  private Path directory = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createTempDirectory("und");
  }

  @AfterEach
  void cleanUp() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    Files.deleteIfExists(directory.resolve(".s.PGSQL.5432"));
    Files.delete(directory);
  }

  @Test
  void acceptsWhileThereIsRoomInTheBacklogAndNeverWaitsForIt() throws Exception {
    SocketDirectory sockets = new SocketDirectory(directory, new Account("nobody", 65534, 65534));
    assertThat(sockets.accepts()).isFalse();
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(sockets.socket());
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address, 1);
      assertThat(sockets.accepts()).isTrue();

      fillBacklog(address);

      assertThat(sockets.accepts()).isFalse();
    }
  }

  /** Linux then refuses with EAGAIN whoever does not want to wait. */
  private void fillBacklog(UnixDomainSocketAddress address) {
    assertThatIOException()
        .isThrownBy(() -> {
          while (clients.size() < 100) {
            SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
            clients.add(client);
            client.configureBlocking(false);
            client.connect(address);
          }
        });
  }
}
