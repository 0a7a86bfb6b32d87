package dev.understudy.proxy.testing;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Frame;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One end of a connection, blocking, byte by byte where a test wants that. */
public final class Wire implements AutoCloseable {
  private final SocketChannel channel;
  private final InputStream in;
  private final @Nullable SSLSocket tls;

  public Wire(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.in = java.nio.channels.Channels.newInputStream(channel);
    this.tls = null;
  }

  private Wire(SocketChannel channel, SSLSocket tls) throws IOException {
    this.channel = channel;
    this.in = tls.getInputStream();
    this.tls = tls;
  }

  /**
   * The same connection, inside TLS, after the handshake of a client.
   *
   * @param adjust the handshake's parameters
   */
  public Wire encrypted(SSLContext context, Consumer<SSLParameters> adjust) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(channel.socket(), "localhost", channel.socket().getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    adjust.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new Wire(channel, socket);
  }

  /** Of a connection inside TLS. */
  public SSLSession session() {
    return requireNonNull(tls).getSession();
  }

  /** Begins another handshake inside TLS 1.2; what comes of it shows when something is read. */
  public void renegotiate() throws IOException {
    requireNonNull(tls).startHandshake();
  }

  public static byte[] bytes(Consumer<ByteBuf> encoder) {
    ByteBuf buffer = Unpooled.buffer();
    encoder.accept(buffer);
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  /** A message with a text for a body, without a terminating zero. */
  public static byte[] message(char type, String body) {
    byte[] text = body.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(5 + text.length)
        .put((byte) type)
        .putInt(4 + text.length)
        .put(text)
        .array();
  }

  public void send(byte[] bytes) throws IOException {
    if (tls != null) {
      tls.getOutputStream().write(bytes);
      return;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  public void send(Consumer<ByteBuf> encoder) throws IOException {
    send(bytes(encoder));
  }

  public void sendByteByByte(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      send(new byte[] {b});
    }
  }

  public int read() throws IOException {
    return in.read();
  }

  public byte[] read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** Reads and forgets; less than {@code length} bytes only at the end. */
  public int readUpTo(int length) throws IOException {
    return in.readNBytes(length).length;
  }

  /** Until the other side closes. */
  public byte[] readAll() throws IOException {
    return in.readAllBytes();
  }

  public StartupPacket readStartupPacket() throws IOException {
    byte[] length = read(4);
    byte[] rest = read(ByteBuffer.wrap(length).getInt() - 4);
    StartupPacket packet = StartupPacketDecoder.decode(Unpooled.wrappedBuffer(length, rest));
    if (packet == null) {
      throw new AssertionError("half a packet");
    }
    return packet;
  }

  public Frame readFrame() throws IOException {
    byte[] header = read(5);
    byte[] body = read(ByteBuffer.wrap(header, 1, 4).getInt() - 4);
    Frame frame = Frame.decode(Unpooled.wrappedBuffer(header, body), Integer.MAX_VALUE - 4);
    if (frame == null) {
      throw new AssertionError("half a frame");
    }
    return frame;
  }

  /** Reads until the other side closes; a reset counts as well. */
  public void readToEnd() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // Reset: closed all the same.
    }
  }

  public <T> void setOption(SocketOption<T> option, T value) throws IOException {
    channel.setOption(option, value);
  }

  /** Inside TLS only that is told; the connection below stays open both ways. */
  public void shutdownOutput() throws IOException {
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      tls.shutdownOutput();
    }
  }

  @Override
  public void close() throws IOException {
    if (tls != null) {
      tls.close();
    }
    channel.close();
  }
}
