package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/**
 * What a session may send to PostgreSQL 18 besides queries. System properties: {@code
 * understudy.message-mebibytes}, how long the longest message is; {@code understudy.postgresql.18},
 * where psql is that knows protocol 3.2.
 */
class ProxyPassThroughIT {
  private static final int MEBIBYTE = 1 << 20;

  /** A mebibyte less than what PostgreSQL takes at most. */
  private static final int MOST_MEBIBYTES = 1023;

  /** What the proxy may take for one message, however long. */
  private static final long BOUND = 32L * MEBIBYTE;

  @TempDir private static Path directory;
  private static EmbeddedPostgres server;
  private static FakeEnvironments environments;
  private static ProxyHarness proxy;

  @BeforeAll
  static void start() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    server =
        EmbeddedPostgres.create(
            directory.resolve("server"),
            ServerOptions.of(EmbeddedBinaries.unpack(directory.resolve("binaries"))));
    try (Connection connection = server.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE shop");
      statement.execute("CREATE ROLE " + TestClient.USER + " LOGIN");
    }
    environments = FakeEnvironments.at(server.socket());
    proxy = ProxyHarness.start(environments);
  }

  @AfterAll
  static void stop() throws Exception {
    if (proxy != null) {
      proxy.close();
      assertThat(environments.openLeases()).isZero();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void protocol32AndItsLongCancelKeyAsNegotiated() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(9999, Map.of("_pq_.test_protocol_negotiation", ""));
      assertThat(client.read())
          .isEqualTo(new NegotiateProtocolVersion(2, List.of("_pq_.test_protocol_negotiation")));
      client.authenticate();
      List<BackendMessage> startup = client.awaitReady();
      assertThat(startup).noneMatch(NegotiateProtocolVersion.class::isInstance);
      BackendKeyData key = (BackendKeyData) startup.getFirst();
      assertThat(key.key().length()).isEqualTo(32);

      client.send("SELECT pg_sleep(60), 'of protocol 3.2'");
      Queries.awaitAsleep(server, "query LIKE '%of protocol 3.2%'");
      try (TestClient requester = TestClient.connect(proxy.port())) {
        requester.wire().send(new CancelRequest(key.pid(), key.key())::encode);
        assertThat(requester.wire().read()).isNegative();
      }
      Frame error = readUntil(client, 'E');
      assertThat(error.body().toString()).isNotEmpty();
      assertThat(new String(error.body().toArray(), StandardCharsets.UTF_8)).contains("C57014\0");
    }
  }

  /** From libpq 18 on it insists on protocol 3.2, where it is told to. */
  @Test
  void libpqCancelsInTheNewestProtocolThatItKnows() throws Exception {
    ProcessBuilder psql =
        new ProcessBuilder(
            System.getProperty("understudy.postgresql.18", "/usr") + "/bin/psql",
            "-XAtq",
            "-c",
            "SELECT pg_sleep(60), 'cancelled by libpq'",
            "host=127.0.0.1 port=" + proxy.port() + " user=postgres dbname=shop@pr-1");
    psql.environment().put("PGPASSWORD", TestClient.PASSWORD);
    psql.environment().put("PGMINPROTOCOLVERSION", "3.2");
    psql.environment().put("PGMAXPROTOCOLVERSION", "latest");
    Process process = psql.redirectErrorStream(true).start();
    Queries.awaitAsleep(server, "query LIKE '%cancelled by libpq%'");
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    try (InputStream out = process.getInputStream()) {
      assertThat(new String(out.readAllBytes(), StandardCharsets.UTF_8))
          .contains("canceling statement due to user request");
    }
  }

  @Test
  void functionCalls() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port())) {
      // int4pl, whose number has been 177 for ever.
      ByteBuffer body = ByteBuffer.allocate(28);
      body.putInt(177).putShort((short) 1).putShort((short) 1).putShort((short) 2);
      body.putInt(4).putInt(40).putInt(4).putInt(2).putShort((short) 1);
      client.wire().send(message('F', body.array()));

      Frame response = client.wire().readFrame();
      assertThat(response.type()).isEqualTo((byte) 'V');
      assertThat(response.body().toArray()).containsExactly(0, 0, 0, 4, 0, 0, 0, 42);
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void largeObjects() throws Exception {
    byte[] content = "some bytes".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      LargeObjectManager objects = connection.unwrap(PGConnection.class).getLargeObjectAPI();
      long number = objects.createLO();
      try (LargeObject object = objects.open(number)) {
        object.write(content);
        object.seek(0);
        assertThat(object.read(content.length)).isEqualTo(content);
      }
      objects.delete(number);
      connection.commit();
    }
  }

  @Test
  void notificationsArriveUnasked() throws Exception {
    try (Connection listening = connect();
        Connection notifying = connect();
        Statement listen = listening.createStatement();
        Statement notify = notifying.createStatement()) {
      listen.execute("LISTEN news");
      notify.execute("NOTIFY news, 'there are some'");

      PGNotification[] heard = listening.unwrap(PGConnection.class).getNotifications(10_000);
      assertThat(heard).hasSize(1);
      assertThat(heard[0].getParameter()).isEqualTo("there are some");
    }
  }

  @Test
  void aPipelineOfTwoThousandQueries() throws Exception {
    int queries = 2000;
    try (TestClient client = TestClient.ready(proxy.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> sent =
          threads.submit(() -> {
            for (int i = 0; i < queries; i++) {
              client.wire().send(query(i));
            }
            return null;
          });
      for (int i = 0; i < queries; i++) {
        Frame row = readUntil(client, 'D');
        assertThat(
                new String(
                    row.body().toArray(), 6, row.body().length() - 6, StandardCharsets.US_ASCII))
            .isEqualTo(Integer.toString(i));
        readUntil(client, 'Z');
      }
      sent.get();
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void longMessagesWithLittleMemory() throws Exception {
    int length = Math.min(MOST_MEBIBYTES, Integer.getInteger("understudy.message-mebibytes", 64));
    long bytes = (long) length * MEBIBYTE;
    try (TestClient client = TestClient.ready(proxy.port());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try (Peak peak = new Peak()) {
        client.send("SELECT repeat('x', " + bytes + ")");
        readUntil(client, 'T');
        assertThat(client.wire().read()).isEqualTo('D');
        assertThat(ByteBuffer.wrap(client.wire().read(4)).getInt())
            .isEqualTo(4 + 2 + 4 + (int) bytes);
        client.wire().read(6);
        skip(client.wire(), bytes);
        readUntil(client, 'Z');
        System.out.printf("a row of %d MiB: %d KiB of buffers%n", length, peak.bytes() / 1024);
        assertThat(peak.bytes()).isLessThan(BOUND);
      }
      try (Peak peak = new Peak()) {
        client
            .wire()
            .send(message('P', "\0SELECT length($1)\0\0\0".getBytes(StandardCharsets.US_ASCII)));
        Future<?> sent = threads.submit(() -> sendBinary(client.wire(), bytes));
        Frame row = readUntil(client, 'D');
        assertThat(
                new String(
                    row.body().toArray(), 6, row.body().length() - 6, StandardCharsets.US_ASCII))
            .isEqualTo(Long.toString(bytes));
        readUntil(client, 'Z');
        sent.get();
        System.out.printf("a value of %d MiB: %d KiB of buffers%n", length, peak.bytes() / 1024);
        assertThat(peak.bytes()).isLessThan(BOUND);
      }
    }
  }

  /** Binds a text of so many bytes, executes. */
  private static void sendBinary(Wire wire, long length) {
    try {
      ByteBuffer head = ByteBuffer.allocate(5 + 2 + 2 + 2 + 4);
      head.put((byte) 'B').putInt((int) (4 + 2 + 2 + 2 + 4 + length + 2));
      head.putShort((short) 0).putShort((short) 0).putShort((short) 1).putInt((int) length);
      wire.send(head.array());
      byte[] piece = "x".repeat(MEBIBYTE).getBytes(StandardCharsets.US_ASCII);
      for (long rest = length; rest > 0; rest -= piece.length) {
        wire.send(piece);
      }
      wire.send(new byte[] {0, 0});
      wire.send(message('E', new byte[] {0, 0, 0, 0, 0}));
      wire.send(message('S', new byte[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void skip(Wire wire, long length) throws IOException {
    for (long rest = length; rest > 0; ) {
      int read = wire.readUpTo((int) Math.min(MEBIBYTE, rest));
      assertThat(read).isPositive();
      rest -= read;
    }
  }

  private static byte[] query(int number) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(
          message('P', ("\0SELECT " + number + "\0\0\0").getBytes(StandardCharsets.US_ASCII)));
      out.write(message('B', new byte[8]));
      out.write(message('E', new byte[5]));
      out.write(message('S', new byte[0]));
    }
    return bytes.toByteArray();
  }

  private static byte[] message(char type, byte[] body) {
    return ByteBuffer.allocate(5 + body.length)
        .put((byte) type)
        .putInt(4 + body.length)
        .put(body)
        .array();
  }

  private static Frame readUntil(TestClient client, char type) throws IOException {
    Frame frame = client.wire().readFrame();
    while (frame.type() != type) {
      frame = client.wire().readFrame();
    }
    return frame;
  }

  private static Connection connect() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("password", TestClient.PASSWORD);
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/shop%40pr-1", properties);
  }

  /** The most that all buffers of the proxy took at a time, looked at every two milliseconds. */
  private static final class Peak implements AutoCloseable {
    private volatile boolean over;
    private volatile long most;

    Peak() {
      Thread.ofPlatform().daemon().start(this::watch);
    }

    private void watch() {
      while (!over) {
        var metric = PooledByteBufAllocator.DEFAULT.metric();
        most = Math.max(most, metric.usedDirectMemory() + metric.usedHeapMemory());
        java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
      }
    }

    long bytes() {
      return most;
    }

    @Override
    public void close() {
      over = true;
    }
  }
}
