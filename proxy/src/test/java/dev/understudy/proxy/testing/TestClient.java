package dev.understudy.proxy.testing;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** A client that logs in with MD5, the shortest exchange there is. */
public final class TestClient implements AutoCloseable {
  public static final String USER = "app";
  public static final String PASSWORD = "secret";
  public static final String VERIFIER = "md5" + md5(PASSWORD + USER);

  private final Wire wire;

  private TestClient(Wire wire) {
    this.wire = wire;
  }

  public static TestClient connect(int port) throws IOException {
    return connect(port, 0);
  }

  /** With a receive buffer of a size, for tests of who does not read. */
  public static TestClient connect(int port, int receiveBuffer) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (receiveBuffer > 0) {
      channel.setOption(java.net.StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    }
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new TestClient(new Wire(channel));
  }

  public static TestClient over(Wire wire) {
    return new TestClient(wire);
  }

  /** Asks for TLS, which must be granted. */
  public static TestClient encrypted(int port, SSLContext context) throws IOException {
    Wire wire = connect(port).wire;
    wire.send(new SSLRequest()::encode);
    int answer = wire.read();
    if (answer != 'S') {
      throw new AssertionError("asked for TLS and heard " + answer);
    }
    return new TestClient(wire.encrypted(context, _ -> {}));
  }

  /** Begins with TLS. */
  public static TestClient direct(int port, SSLContext context, String... applicationProtocols)
      throws IOException {
    return new TestClient(
        connect(port)
            .wire
            .encrypted(
                context, parameters -> parameters.setApplicationProtocols(applicationProtocols)));
  }

  /** Up to AuthenticationOk. */
  public static TestClient authenticated(int port) throws IOException {
    return connect(port).authenticated();
  }

  public TestClient authenticated() throws IOException {
    start(0, Map.of());
    authenticate();
    return this;
  }

  /** Up to ReadyForQuery. */
  public static TestClient ready(int port) throws IOException {
    return connect(port).ready();
  }

  public TestClient ready() throws IOException {
    authenticated();
    awaitReady();
    return this;
  }

  public Wire wire() {
    return wire;
  }

  public void start(int minor, Map<String, String> more) throws IOException {
    wire.send(startupMessage(minor, more)::encode);
  }

  public static StartupMessage startupMessage(int minor, Map<String, String> more) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", USER);
    parameters.put("database", "shop@pr-1");
    parameters.putAll(more);
    return new StartupMessage(3, minor, parameters);
  }

  public void authenticate() throws IOException {
    authenticate(PASSWORD);
    BackendMessage answer = read();
    if (!(answer instanceof AuthenticationOk)) {
      throw new AssertionError("not let in: " + answer);
    }
  }

  /** Up to sending the password. */
  public void authenticate(String password) throws IOException {
    wire.send(answer(password));
  }

  /** To the request that comes next, which is for a password. */
  public byte[] answer(String password) throws IOException {
    BackendMessage request = read();
    if (!(request instanceof AuthenticationMD5Password(Bytes salt))) {
      throw new AssertionError("asked for " + request);
    }
    return answer(password, salt);
  }

  public static byte[] answer(String password, Bytes salt) {
    byte[] inner = md5(password + USER).getBytes(StandardCharsets.US_ASCII);
    return Wire.message('p', "md5" + md5(inner, salt.toArray()) + "\0");
  }

  public BackendMessage read() throws IOException {
    return BackendMessageDecoder.decode(wire.readFrame());
  }

  /** All messages up to and with ReadyForQuery. */
  public List<BackendMessage> awaitReady() throws IOException {
    List<BackendMessage> messages = new ArrayList<>();
    do {
      messages.add(read());
      if (messages.getLast() instanceof ErrorResponse error) {
        throw new AssertionError("refused: " + error);
      }
    } while (!(messages.getLast() instanceof ReadyForQuery));
    return messages;
  }

  /** The error that comes next, or behind the cancel key, with the connection closed behind it. */
  public ErrorResponse awaitFatal() throws IOException {
    BackendMessage message = read();
    if (message instanceof BackendKeyData) {
      message = read();
    }
    if (!(message instanceof ErrorResponse error)) {
      throw new AssertionError("not an error: " + message);
    }
    if (wire.read() >= 0) {
      throw new AssertionError("something follows the error");
    }
    return error;
  }

  /** A simple query, without waiting for anything. */
  public void send(String query) throws IOException {
    wire.send(Wire.message('Q', query + "\0"));
  }

  public static String text(Frame frame) {
    return new MessageReader(frame.body()).readString();
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }

  private static String md5(String text) {
    return md5(text.getBytes(StandardCharsets.UTF_8), new byte[0]);
  }

  private static String md5(byte[] text, byte[] salt) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(text);
      return HexFormat.of().formatHex(digest.digest(salt));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
