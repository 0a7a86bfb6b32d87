package dev.understudy.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client that logs in and notes when what happened; it costs next to nothing itself.
 * Speaks plain TCP or a unix socket; SCRAM-SHA-256 or trust.
 */
final class WireClient {
  private static final int PROTOCOL_3_0 = 3 << 16;

  private WireClient() {}

  /**
   * Moments of a login, in nanoseconds since it began.
   *
   * @param authenticated AuthenticationOk
   * @param ready ReadyForQuery
   */
  record Login(long authenticated, long ready) {}

  static Login login(SocketAddress address, String user, String database, @Nullable String password)
      throws IOException {
    long begin = System.nanoTime();
    try (SocketChannel channel = SocketChannel.open(address)) {
      DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      out.write(startup(Map.of("user", user, "database", database)));
      long authenticated = authenticate(in, out, password) - begin;
      while (read(in).type() != 'Z') {}
      return new Login(authenticated, System.nanoTime() - begin);
    }
  }

  private static long authenticate(
      DataInputStream in, DataOutputStream out, @Nullable String password) throws IOException {
    ScramClient scram = null;
    try {
      while (true) {
        Message message = read(in);
        if (message.type() != 'R') {
          throw new IOException("unexpected message " + message.type());
        }
        switch (message.code()) {
          case 0 -> {
            return System.nanoTime();
          }
          case 10 -> {
            scram =
                ScramClient.builder()
                    .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                    .username("*")
                    .password(requireNonNull(password, "the server wants a password").toCharArray())
                    .build();
            out.write(saslInitialResponse(scram.clientFirstMessage().toString()));
          }
          case 11 -> {
            requireNonNull(scram, "SASLContinue before SASL").serverFirstMessage(message.rest());
            out.write(frame('p', scram.clientFinalMessage().toString().getBytes(UTF_8)));
          }
          case 12 ->
              requireNonNull(scram, "SASLFinal before SASL").serverFinalMessage(message.rest());
          default -> throw new IOException("authentication " + message.code());
        }
      }
    } catch (ScramException e) {
      throw new IOException(e);
    }
  }

  private static byte[] startup(Map<String, String> parameters) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeInt(PROTOCOL_3_0);
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      out.write(parameter.getKey().getBytes(UTF_8));
      out.write(0);
      out.write(parameter.getValue().getBytes(UTF_8));
      out.write(0);
    }
    out.write(0);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    new DataOutputStream(whole).writeInt(body.size() + 4);
    body.writeTo(whole);
    return whole.toByteArray();
  }

  private static byte[] saslInitialResponse(String first) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.write("SCRAM-SHA-256\0".getBytes(UTF_8));
    out.writeInt(first.getBytes(UTF_8).length);
    out.write(first.getBytes(UTF_8));
    return frame('p', body.toByteArray());
  }

  private static byte[] frame(char type, byte[] body) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(whole);
    out.writeByte(type);
    out.writeInt(body.length + 4);
    out.write(body);
    return whole.toByteArray();
  }

  private static Message read(DataInputStream in) throws IOException {
    char type = (char) in.readUnsignedByte();
    ByteBuffer body = ByteBuffer.allocate(in.readInt() - 4);
    in.readFully(body.array());
    if (type == 'E') {
      throw new IOException(
          "the server said " + new String(body.array(), UTF_8).replace('\0', ' '));
    }
    return new Message(type, body);
  }

  private record Message(char type, ByteBuffer body) {
    int code() {
      return body.getInt(0);
    }

    String rest() {
      return UTF_8.decode(body.slice(4, body.capacity() - 4)).toString();
    }
  }
}
