package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyBytesTest {
  private final EarlyBytes early = new EarlyBytes();

  @Test
  void handsOverInOrder() {
    ByteBuf first = Unpooled.buffer().writeByte('Q');
    ByteBuf second = Unpooled.buffer().writeByte('X');
    early.add(first);
    early.add(second);
    List<ByteBuf> taken = new ArrayList<>();
    early.drainTo(taken::add);

    assertThat(taken).containsExactly(first, second);
    assertThat(early.isEnough()).isFalse();
  }

  @Test
  void countsTheMemoryThatBuffersTake() {
    early.add(Unpooled.buffer(64 * 1024 - 1).writeByte(0));
    assertThat(early.isEnough()).isFalse();

    early.add(Unpooled.buffer(1));
    assertThat(early.isEnough()).isTrue();
  }

  @Test
  void seesAFarewellOnlyAtTheBeginning() {
    early.add(Unpooled.buffer().writeByte('Q'));
    early.add(Unpooled.buffer().writeByte('X'));
    assertThat(early.startsWithTerminate()).isFalse();

    early.release();
    early.add(Unpooled.buffer().writeByte('X'));
    assertThat(early.startsWithTerminate()).isTrue();
  }

  @Test
  void releasesWhatNobodyTook() {
    ByteBuf bytes = Unpooled.buffer().writeByte('Q');
    early.add(bytes);
    early.release();

    assertThat(bytes.refCnt()).isZero();
  }
}
