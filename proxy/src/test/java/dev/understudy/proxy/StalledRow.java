package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;

/**
 * A client that does not read on inside a row of 100 MB, which looks at every sixth byte like the
 * end of an answer.
 */
final class StalledRow implements AutoCloseable {
  private static final int REPEATS = 17_000_000;
  private static final byte[] PATTERN = {'Z', 0, 0, 0, 5, 'I'};

  /** Signature, flags, extension length, number of fields, length of the only one. */
  private static final int COPY_HEADER = 11 + 4 + 4;

  private static final int ROW_HEADER = 2 + 4;

  private final TestClient client;

  private StalledRow(TestClient client) {
    this.client = client;
  }

  /** Returns inside the row, when all buffers between are full. */
  static StalledRow begin(int port) throws Exception {
    TestClient client = TestClient.connect(port, 16 * 1024);
    client.start(0, Map.of("user", TestClient.USER));
    client.authenticate();
    client.awaitReady();
    client.send(
        "COPY (SELECT decode(repeat('5a0000000549', %d), 'hex')) TO STDOUT WITH BINARY"
            .formatted(REPEATS));
    Wire wire = client.wire();
    assertThat(wire.readFrame().type()).isEqualTo((byte) 'H');
    StalledRow row = new StalledRow(client);
    row.skipHeaders();
    Thread.sleep(500);
    return row;
  }

  /** In PostgreSQL, the header of the whole comes in one message with the first row. */
  private void skipHeaders() throws IOException {
    Wire wire = client.wire();
    assertThat(wire.read()).isEqualTo('d');
    int length = java.nio.ByteBuffer.wrap(wire.read(4)).getInt() - 4;
    if (length == COPY_HEADER) {
      wire.read(COPY_HEADER);
      assertThat(wire.read()).isEqualTo('d');
      wire.read(4 + ROW_HEADER);
    } else {
      wire.read(COPY_HEADER + ROW_HEADER);
    }
  }

  /** Reads on: what comes is of the row, and the end of the connection before the end of it. */
  void assertPrefix() throws IOException {
    long read = 0;
    try {
      byte[] block = client.wire().read(PATTERN.length);
      while (true) {
        assertThat(block).isEqualTo(PATTERN);
        read++;
        block = client.wire().read(PATTERN.length);
      }
    } catch (java.io.EOFException | SocketException e) {
      assertThat(read).isBetween(1L, (long) REPEATS - 1);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
