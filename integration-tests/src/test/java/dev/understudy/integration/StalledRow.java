package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A client without a driver that asks for a row of 100 MB, and does not read on inside it. Every
 * sixth byte of the row looks like the end of an answer.
 */
final class StalledRow implements AutoCloseable {
  /** Asks a server whether it can write no more of the row. */
  static final String STALLED =
      "SELECT count(*) FROM pg_stat_activity"
          + " WHERE query LIKE 'COPY (%' AND wait_event = 'ClientWrite'";

  private static final String USER = "staller";
  private static final String PASSWORD = "s3cret";

  /** A user of the settings, with the shortest exchange there is. */
  static final String SETTINGS =
      """
      allow-md5 = true
      users.%s { password = "md5%s", role = app }
      """
          .formatted(USER, md5((PASSWORD + USER).getBytes(StandardCharsets.US_ASCII)));

  private static final int PROTOCOL = 3 << 16;
  private static final int CANCEL_REQUEST = 1234 << 16 | 5678;
  private static final byte[] PATTERN = {'Z', 0, 0, 0, 5, 'I'};
  private static final long ROW = 17_000_000L * PATTERN.length;

  /** Signature, flags, extension length. */
  private static final int COPY_HEADER = 11 + 4 + 4;

  /** Number of fields, length of the only one. */
  private static final int ROW_HEADER = 2 + 4;

  private final Socket socket;
  private final DataInputStream in;
  private byte[] key = {};

  private StalledRow(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Returns inside the row. */
  static StalledRow begin(int port, String database) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    StalledRow row = new StalledRow(socket);
    row.logIn(database);
    row.send(
        'Q',
        "COPY (SELECT decode(repeat('5a0000000549', %d), 'hex')) TO STDOUT WITH BINARY"
            .formatted(ROW / PATTERN.length));
    row.readUpTo('H');
    row.skipHeaders();
    return row;
  }

  private void logIn(String database) throws IOException {
    String startup = "user\0%s\0database\0%s\0\0".formatted(USER, database);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(8 + startup.length());
    out.writeInt(PROTOCOL);
    out.writeBytes(startup);
    byte[] request = readUpTo('R');
    assertThat(ByteBuffer.wrap(request).getInt()).as("md5").isEqualTo(5);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(
        md5((PASSWORD + USER).getBytes(StandardCharsets.US_ASCII))
            .getBytes(StandardCharsets.US_ASCII));
    answer.write(request, 4, 4);
    send('p', "md5" + md5(answer.toByteArray()));
    key = readUpTo('K');
    readUpTo('Z');
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void send(char type, String text) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(message);
    out.writeByte(type);
    out.writeInt(5 + text.length());
    out.writeBytes(text + "\0");
    socket.getOutputStream().write(message.toByteArray());
  }

  /** The body of the next message of a type; what comes before it must not be an error. */
  private byte[] readUpTo(char type) throws IOException {
    while (true) {
      int read = in.readUnsignedByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      assertThat((char) read).as(() -> new String(body, StandardCharsets.UTF_8)).isNotEqualTo('E');
      if (read == type) {
        return body;
      }
    }
  }

  /** Where the header of the whole comes in a message of its own, the row's is the next one. */
  private void skipHeaders() throws IOException {
    assertThat(in.readUnsignedByte()).isEqualTo('d');
    boolean alone = in.readInt() - 4 == COPY_HEADER;
    in.skipNBytes(COPY_HEADER);
    if (alone) {
      assertThat(in.readUnsignedByte()).isEqualTo('d');
      in.skipNBytes(4);
    }
    in.skipNBytes(ROW_HEADER);
  }

  /**
   * Reads on to the end; anything but a part of the row, or all of the answer, fails.
   *
   * @return false if the connection ended inside the row
   */
  boolean readOn() throws IOException {
    byte[] block = new byte[1 << 16];
    long read = 0;
    while (read < ROW) {
      int length = readSome(block, (int) Math.min(block.length, ROW - read));
      if (length < 0) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (block[i] != PATTERN[(int) ((read + i) % PATTERN.length)]) {
          throw new AssertionError(
              "byte %d of the row is not the row's: %s"
                  .formatted(read + i, HexFormat.of().formatHex(block, i, length)));
        }
      }
      read += length;
    }
    assertThat(readUpTo('Z')).as("between transactions").containsExactly('I');
    return true;
  }

  private int readSome(byte[] block, int atMost) throws IOException {
    try {
      return in.read(block, 0, atMost);
    } catch (SocketException | EOFException e) {
      return -1;
    }
  }

  /** Asks for the end of its statement; returns when the daemon has seen to that. */
  void cancel() throws IOException {
    try (Socket requester = new Socket()) {
      requester.connect(socket.getRemoteSocketAddress());
      DataOutputStream out = new DataOutputStream(requester.getOutputStream());
      out.writeInt(8 + key.length);
      out.writeInt(CANCEL_REQUEST);
      out.write(key);
      assertThat(requester.getInputStream().read()).as("answers").isNegative();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
