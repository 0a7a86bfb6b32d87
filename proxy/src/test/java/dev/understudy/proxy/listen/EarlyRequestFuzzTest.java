package dev.understudy.proxy.listen;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.StartupPacketDecoder;
import dev.understudy.proxy.testing.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class EarlyRequestFuzzTest {
  private static final int LONGEST = Integer.BYTES + StartupPacketDecoder.MAXIMUM_LENGTH;

  static Stream<byte[]> seeds() {
    return Stream.concat(
        Stream.of(
                "0000001004d2162e0000010261626364",
                "0000000804d2162f",
                "0000001000030002" + "7573657200750000",
                "00002715",
                "0000000c04d2162e00000001")
            .map(HexFormat.of()::parseHex),
        Stream.of(new byte[LONGEST], new byte[LONGEST + 1]));
  }

  @MethodSource("seeds")
  @FuzzTest
  void replay(byte[] bytes) {
    EarlyRequest request = new EarlyRequest();
    int length = 0;
    boolean fits = true;
    for (byte[] piece : Pieces.two(bytes)) {
      if (fits) {
        ByteBuf buffer = Unpooled.wrappedBuffer(piece);
        length += piece.length;
        fits = request.add(buffer);
        assertThat(fits).isEqualTo(length <= LONGEST);
        assertThat(buffer.refCnt()).isEqualTo(piece.length == 0 ? 1 : 0);
      }
    }
    if (fits) {
      assertThat(request.end()).isEqualTo(isCancelRequest(bytes));
      assertIsReplayed(request, bytes);
    }
  }

  private static boolean isCancelRequest(byte[] bytes) {
    try {
      return StartupPacketDecoder.decode(Unpooled.wrappedBuffer(bytes)) instanceof CancelRequest;
    } catch (ProtocolException e) {
      return false;
    }
  }

  private static void assertIsReplayed(EarlyRequest request, byte[] bytes) {
    EmbeddedChannel channel = new EmbeddedChannel();
    request.replay(channel.pipeline());
    ByteBuf replayed = channel.readInbound();
    if (bytes.length == 0) {
      assertThat(replayed).isNull();
    } else {
      assertThat(replayed).isEqualTo(Unpooled.wrappedBuffer(bytes));
      replayed.release();
    }
    channel.finishAndReleaseAll();
  }
}
