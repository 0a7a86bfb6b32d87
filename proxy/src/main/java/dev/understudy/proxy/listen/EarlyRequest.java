package dev.understudy.proxy.listen;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * What is known of the request of a client that waits in line: its first bytes.
 *
 * <p>Nobody reads on there, but a transport that hears of the end of a client's input reads up to
 * it. Kept is one startup packet at most. Confined to the connection's event loop.
 */
final class EarlyRequest {
  /** On the heap, so that nobody need release what is never handed over; empty for most. */
  private final ByteBuf bytes =
      Unpooled.buffer(0, Integer.BYTES + StartupPacketDecoder.MAXIMUM_LENGTH);

  private boolean ended;

  /**
   * Takes over what was read.
   *
   * @return false if that makes more than a startup packet can be
   */
  boolean add(ByteBuf more) {
    try {
      if (more.readableBytes() > bytes.maxWritableBytes()) {
        return false;
      }
      bytes.writeBytes(more);
      return true;
    } finally {
      more.release();
    }
  }

  /**
   * No more comes.
   *
   * @return whether it waits for anything: only who wants to cancel something asks for no answer
   */
  boolean end() {
    ended = true;
    try {
      return StartupPacketDecoder.decode(bytes.duplicate()) instanceof CancelRequest;
    } catch (ProtocolException e) {
      return false;
    }
  }

  /** Hands over all of it, as if it were read now. At most once. */
  void replay(ChannelPipeline pipeline) {
    if (bytes.isReadable()) {
      pipeline.fireChannelRead(bytes);
      pipeline.fireChannelReadComplete();
    }
    if (ended) {
      pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }
}
