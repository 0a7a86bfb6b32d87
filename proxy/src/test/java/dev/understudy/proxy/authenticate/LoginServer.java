package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import dev.understudy.proxy.authenticate.Step.Accepted;
import dev.understudy.proxy.authenticate.Step.Challenge;
import dev.understudy.proxy.authenticate.Step.Rejected;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A server that does nothing but authenticate, blocking and byte by byte. Whom it lets in it greets
 * by an error of its own, {@link #LET_IN}, with the role in the message.
 */
final class LoginServer implements AutoCloseable {
  static final String LET_IN = "57P03";

  private final ServerSocket listener;
  private final Authenticator authenticator;

  LoginServer(Authenticator authenticator) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.authenticator = authenticator;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Client client = new Client(socket);
      try {
        client.send(login(client)::encode);
      } catch (ProtocolException e) {
        client.send(ErrorResponse.fatal(e)::encode);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ErrorResponse login(Client client) throws IOException {
    StartupPacket packet = client.read(StartupPacketDecoder::decode);
    while (!(packet instanceof StartupMessage message)) {
      client.send(out -> out.writeByte('N'));
      packet = client.read(StartupPacketDecoder::decode);
    }
    Authentication authentication =
        authenticator.begin(message.user(), "prod", "pr-1", message.user(), null);
    Step step = new Challenge(authentication.request());
    while (step instanceof Challenge challenge) {
      client.send(challenge.request()::encode);
      step = authentication.answer(client.read(AuthenticationResponse::decode));
    }
    return switch (step) {
      case Challenge _ -> throw new IllegalStateException();
      case Rejected rejected -> rejected.error();
      case Accepted accepted -> {
        for (AuthenticationRequest last : accepted.last()) {
          client.send(last::encode);
        }
        client.send(new AuthenticationOk()::encode);
        yield ErrorResponse.fatal(LET_IN, "let in as " + accepted.role(), null, null);
      }
    };
  }

  private record Client(Socket socket, ByteBuf received) {
    Client(Socket socket) {
      this(socket, Unpooled.buffer());
    }

    <T> T read(Function<ByteBuf, @Nullable T> decode) throws IOException {
      T message = decode.apply(received);
      while (message == null) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          throw new EOFException();
        }
        message = decode.apply(received.writeByte(next));
      }
      return message;
    }

    void send(Consumer<ByteBuf> encode) throws IOException {
      ByteBuf out = Unpooled.buffer();
      encode.accept(out);
      out.readBytes(socket.getOutputStream(), out.readableBytes());
      socket.getOutputStream().flush();
    }
  }
}
