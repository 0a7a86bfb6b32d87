package dev.understudy.proxy.testing;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ParameterStatus;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import dev.understudy.protocol.startup.StartupMessage;
import io.netty.buffer.ByteBuf;
import java.io.IOException;

/** What well-behaved servers do. */
public final class Scripts {
  public static final BackendKeyData SERVER_KEY = new BackendKeyData(42, Bytes.utf8("1234"));
  public static final byte[] READY = Wire.bytes(new ReadyForQuery(TransactionStatus.IDLE)::encode);

  private Scripts() {}

  /** Lets everybody in. */
  public static StartupMessage startUp(Wire wire) throws IOException {
    StartupMessage message = (StartupMessage) wire.readStartupPacket();
    wire.send(Scripts::startup);
    return message;
  }

  /** All of a startup's messages. */
  public static void startup(ByteBuf out) {
    new AuthenticationOk().encode(out);
    new ParameterStatus("server_version", "18.0").encode(out);
    SERVER_KEY.encode(out);
    out.writeBytes(READY);
  }

  /** Lets in and answers every query with "ready". */
  public static void echoReady(Wire wire) throws IOException {
    startUp(wire);
    try {
      while (wire.readFrame().type() == 'Q') {
        wire.send(READY);
      }
    } catch (java.io.EOFException e) {
      // The client has left.
    }
  }

  /** Lets in, has something to say that nobody asked for, and answers nothing. */
  public static void notifyAndWait(Wire wire) throws IOException {
    startUp(wire);
    wire.send(Wire.message('A', "\0\0\0\1channel\0payload\0"));
    wire.readToEnd();
  }
}
