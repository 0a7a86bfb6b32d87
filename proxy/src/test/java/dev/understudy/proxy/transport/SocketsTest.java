package dev.understudy.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.health.BufferMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class SocketsTest {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void whatIsInUseIsToldFromWhatIsKept() {
    ByteBuf held = PooledByteBufAllocator.DEFAULT.directBuffer(MEBIBYTE);
    BufferMemory before = Sockets.memory();
    held.release();
    BufferMemory after = Sockets.memory();

    assertThat(before.directInUse()).isBetween((long) MEBIBYTE, before.direct());
    assertThat(after.directInUse()).isLessThanOrEqualTo(before.directInUse() - MEBIBYTE);
    assertThat(after.direct()).isEqualTo(before.direct());
    assertThat(after.heapInUse()).isNotNegative();
  }
}
