package dev.understudy.protocol.backend;

import dev.understudy.protocol.Frame;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;

/**
 * Reads what a server sends until its first ReadyForQuery.
 *
 * <p>Takes a {@link Frame}, so that the caller can pass on unchanged what it has looked at: texts
 * of a server may be in any encoding, and decoding them is not lossless.
 */
public final class BackendMessageDecoder {
  /** Of a frame's body. Far above any message of a startup, far below what would hurt. */
  public static final int MAXIMUM_LENGTH = 1024 * 1024;

  private BackendMessageDecoder() {}

  /**
   * Reads one message.
   *
   * @throws ProtocolException for a body that is not what its type promises, and for a type that
   *     has no place in a startup
   */
  public static BackendMessage decode(Frame frame) {
    MessageReader body = new MessageReader(frame.body());
    return switch (frame.type()) {
      case AuthenticationRequest.TYPE -> AuthenticationRequest.decode(body);
      case ErrorResponse.TYPE -> ErrorResponse.decode(body);
      case NoticeResponse.TYPE -> NoticeResponse.decode(body);
      case NegotiateProtocolVersion.TYPE -> NegotiateProtocolVersion.decode(body);
      case ParameterStatus.TYPE -> ParameterStatus.decode(body);
      case BackendKeyData.TYPE -> BackendKeyData.decode(body);
      case ReadyForQuery.TYPE -> ReadyForQuery.decode(body);
      default ->
          throw new ProtocolException(
              "unexpected message type " + (frame.type() & 0xFF) + " during startup");
    };
  }
}
