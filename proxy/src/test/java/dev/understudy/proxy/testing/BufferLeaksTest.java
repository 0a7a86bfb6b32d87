package dev.understudy.proxy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class BufferLeaksTest {
  @Test
  void seesALeak() throws InterruptedException {
    leak();

    assertThat(BufferLeaks.find()).isNotEmpty();
  }

  private static void leak() {
    assertThat(PooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1).refCnt()).isOne();
  }
}
