package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds of every decoder that takes messages off a buffer, whatever the bytes are.
 *
 * <ul>
 *   <li>It throws nothing but {@link ProtocolException}.
 *   <li>In two pieces the bytes give what they give in one.
 *   <li>A message that is not whole is left where it is; nothing is read before or after one.
 *   <li>What it decodes it can encode, to the same bytes where nothing was lost.
 *   <li>It allocates in proportion to what is there, not to what a length word claims.
 * </ul>
 */
public final class DecoderCheck<M> {
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  /** Of an exception with a formatted message and its like. */
  private static final long ALLOCATION = 16 * 1024;

  /** Strings, map entries and character decoders for names and values of one byte each. */
  private static final long ALLOCATION_PER_BYTE = 512;

  private final Codec<M> codec;

  private DecoderCheck(Codec<M> codec) {
    this.codec = codec;
  }

  public static <M> DecoderCheck<M> of(Codec<M> codec) {
    return new DecoderCheck<>(codec);
  }

  /** A decoder and its counterpart. */
  public interface Codec<M> {
    @Nullable M decode(ByteBuf in);

    void encode(M message, ByteBuf out);

    /** True if the encoded message is byte for byte the one that was decoded. */
    default boolean isLossless(M message, ByteBuf decoded) {
      return true;
    }
  }

  /** Everything that must not depend on how the bytes arrive. */
  private record Outcome<M>(List<M> messages, @Nullable String refusal, int left) {}

  /** The messages that the bytes begin with, when all has been found to hold. */
  public List<M> check(byte[] bytes) {
    Outcome<M> whole = decode(bytes, bytes.length);
    assertThat(decode(bytes, Math.floorMod(Arrays.hashCode(bytes), bytes.length + 1)))
        .isEqualTo(whole);
    assertAllocatesInProportion(bytes);
    return whole.messages();
  }

  private Outcome<M> decode(byte[] bytes, int first) {
    List<M> messages = new ArrayList<>();
    // Each buffer ends with what has arrived: reading further fails.
    ByteBuf in = Unpooled.wrappedBuffer(Arrays.copyOf(bytes, first));
    String refusal = decodeAll(in, messages);
    if (refusal == null && first < bytes.length) {
      ByteBuf rest = Unpooled.wrappedBuffer(bytes, first, bytes.length - first);
      in = Unpooled.copiedBuffer(in, rest);
      refusal = decodeAll(in, messages);
    }
    // Of a refused stream nobody reads the rest, of which there is less in the first piece.
    return new Outcome<>(messages, refusal, refusal == null ? in.readableBytes() : 0);
  }

  private @Nullable String decodeAll(ByteBuf in, List<M> messages) {
    while (true) {
      int start = in.readerIndex();
      M message;
      try {
        message = codec.decode(in);
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).hasSize(5);
        return e.sqlState() + " " + e.message() + " " + e.detail();
      } finally {
        assertThat(in.refCnt()).isOne();
        assertThat(in.writerIndex()).isEqualTo(in.capacity());
      }
      if (message == null) {
        assertThat(in.readerIndex()).isEqualTo(start);
        return null;
      }
      assertCanBeEncoded(message, in.slice(start, in.readerIndex() - start));
      messages.add(message);
    }
  }

  private void assertCanBeEncoded(M message, ByteBuf decoded) {
    ByteBuf encoded = Encoded.of(out -> codec.encode(message, out));
    if (codec.isLossless(message, decoded.duplicate())) {
      assertThat(encoded).isEqualTo(decoded);
    }
    assertThat(codec.decode(encoded.copy())).isEqualTo(message);
  }

  private void assertAllocatesInProportion(byte[] bytes) {
    long bound = ALLOCATION + ALLOCATION_PER_BYTE * bytes.length;
    // The first time, classes may be loaded; what a decoder needs it needs every time.
    for (int i = 0; i < 3; i++) {
      long allocated = allocated(Unpooled.wrappedBuffer(bytes));
      if (allocated <= bound) {
        return;
      }
    }
    assertThat(allocated(Unpooled.wrappedBuffer(bytes))).isLessThanOrEqualTo(bound);
  }

  private long allocated(ByteBuf in) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      var _ = codec.decode(in);
    } catch (ProtocolException e) {
      // Counts as well.
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
