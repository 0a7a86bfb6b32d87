package dev.understudy.cloner.idle;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that hold up whoever looks at them. Each look has {@code SqlServerWatch.TIMEOUT}. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SqlServerWatchTest {
  private final List<SocketChannel> clients = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private Path directory = Path.of("");
  private Path socket = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    directory = Files.createTempDirectory("und");
    socket = directory.resolve(".s.PGSQL.5432");
  }

  @AfterEach
  void cleanUp() throws IOException {
    end.countDown();
    for (SocketChannel client : clients) {
      client.close();
    }
    Files.deleteIfExists(socket);
    Files.delete(directory);
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket), 1);
    return server;
  }

  @Test
  void fullBacklogHoldsNobodyUp() throws Exception {
    try (ServerSocketChannel _ = listen()) {
      fillBacklog(UnixDomainSocketAddress.of(socket));

      assertThatExceptionOfType(SQLException.class).isThrownBy(this::look);
    }
  }

  @Test
  void answerThatComesByteByByteEndsInTime() throws Exception {
    try (ServerSocketChannel server = listen()) {
      Thread.ofVirtual().start(() -> drip(server));

      assertThatExceptionOfType(SQLException.class).isThrownBy(this::look);
    }
  }

  private void look() throws SQLException {
    new SqlServerWatch().look(socket, "postgres");
  }

  /** An ErrorResponse of 20,000 bytes, twenty a second. */
  private void drip(ServerSocketChannel server) {
    while (end.getCount() > 0) {
      try (SocketChannel client = server.accept()) {
        client.write(ByteBuffer.allocate(5).put((byte) 'E').putInt(20_000).flip());
        while (!end.await(50, TimeUnit.MILLISECONDS)) {
          client.write(ByteBuffer.wrap(new byte[] {'x'}));
        }
      } catch (IOException | InterruptedException e) {
        if (!server.isOpen()) {
          return;
        }
      }
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
