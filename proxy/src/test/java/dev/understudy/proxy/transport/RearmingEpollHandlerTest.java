package dev.understudy.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoOps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RearmingEpollHandlerTest {
  private final List<String> done = new ArrayList<>();
  private final RearmingEpollHandler handler = new RearmingEpollHandler(new Recorder());
  private IoRegistration socket;

  @BeforeEach
  void register() throws Exception {
    assumeTrue(Epoll.isAvailable(), "the constants are in epoll's native library");
    socket = handler.register(new Handle());
    done.clear();
  }

  @Test
  void whatIsAwaitedIsPassedOn() {
    socket.submit(EpollIoOps.EPOLLRDHUP);
    socket.submit(EpollIoOps.EPOLLRDHUP.with(EpollIoOps.EPOLLIN));

    assertThat(done).containsExactly("submit 8192", "submit 8193");
  }

  @Test
  void aSocketOfWhichNothingIsAwaitedCanBeAwaitedAgain() {
    socket.submit(EpollIoOps.EPOLLRDHUP);
    socket.submit(EpollIoOps.NONE);
    socket.submit(EpollIoOps.NONE);
    socket.submit(EpollIoOps.EPOLLOUT);

    assertThat(done).containsExactly("submit 8192", "cancel", "register", "submit 4");
    assertThat(socket.isValid()).isTrue();
  }

  @Test
  void nothingIsUndoneBeforeTheFirstInterest() {
    socket.submit(EpollIoOps.NONE);
    socket.submit(EpollIoOps.EPOLLIN);

    assertThat(done).containsExactly("submit 1");
  }

  @Test
  void whatIsCancelledStaysSo() {
    socket.submit(EpollIoOps.EPOLLRDHUP);
    socket.submit(EpollIoOps.NONE);

    assertThat(socket.cancel()).isTrue();
    assertThat(socket.cancel()).isFalse();
    assertThat(socket.submit(EpollIoOps.EPOLLIN)).isNegative();
    assertThat(socket.isValid()).isFalse();
    assertThat(done).containsExactly("submit 8192", "cancel");
  }

  @Test
  void theEndClosesThoseThatRestAsWell() throws Exception {
    IoRegistration cancelled = handler.register(new Handle());
    IoRegistration awaited = handler.register(new Handle());
    for (IoRegistration each : List.of(socket, cancelled, awaited)) {
      each.submit(EpollIoOps.EPOLLRDHUP);
      each.submit(EpollIoOps.NONE);
    }
    cancelled.cancel();
    awaited.submit(EpollIoOps.EPOLLOUT);
    done.clear();

    handler.prepareToDestroy();

    assertThat(done).containsExactly("prepareToDestroy", "close");
  }

  private final class Handle implements IoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {}

    @Override
    public void close() {
      done.add("close");
    }
  }

  /** In place of Netty's. */
  private final class Recorder implements IoHandler {
    @Override
    public IoRegistration register(IoHandle handle) {
      done.add("register");
      return new Recorded();
    }

    @Override
    public void prepareToDestroy() {
      done.add("prepareToDestroy");
    }

    @Override
    public int run(IoHandlerContext context) {
      return 0;
    }

    @Override
    public void wakeup() {}

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return true;
    }
  }

  private final class Recorded implements IoRegistration {
    private boolean cancelled;

    @Override
    public long submit(IoOps ops) {
      int value = ((EpollIoOps) ops).value();
      done.add("submit " + value);
      return value;
    }

    @Override
    public boolean cancel() {
      if (cancelled) {
        return false;
      }
      cancelled = true;
      done.add("cancel");
      return true;
    }

    @Override
    public boolean isValid() {
      return !cancelled;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      throw new UnsupportedOperationException();
    }
  }
}
