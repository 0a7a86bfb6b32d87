package dev.understudy.proxy.transport;

import static java.util.Objects.requireNonNull;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll, where a socket of which nothing is awaited can be awaited again.
 *
 * <p>Netty (4.2.18, and 4.2.20 still) takes such a socket out of the epoll set and forgets that it
 * did: the next change of interest fails with {@code ENOENT}, and the connection is closed, with
 * what it had still to read or to send. A client that has shut its output comes there as soon as it
 * is neither read nor waited for to take more. Here its registration ends when nothing is awaited,
 * and a new one is made when something is again.
 *
 * <p>Confined to its event loop, as is all that Netty's channels do with their registration.
 */
final class RearmingEpollHandler implements IoHandler {
  private static final Logger log = LoggerFactory.getLogger(RearmingEpollHandler.class);

  private final IoHandler epoll;

  /** Unknown to {@link #epoll}, so closing them at the end is ours. */
  private final Set<Registration> idle = Collections.newSetFromMap(new IdentityHashMap<>());

  RearmingEpollHandler(IoHandler epoll) {
    this.epoll = requireNonNull(epoll, "epoll is null");
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return epoll.isCompatible(handleType);
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(handle, epoll.register(handle));
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
    Set.copyOf(idle).forEach(Registration::close);
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  /** Of one socket, for as long as Netty believes it to be registered. */
  private final class Registration implements IoRegistration {
    private final IoHandle handle;
    private IoRegistration current;
    private boolean armed;
    private boolean cancelled;

    Registration(IoHandle handle, IoRegistration current) {
      this.handle = requireNonNull(handle, "handle is null");
      this.current = requireNonNull(current, "current is null");
    }

    @Override
    public long submit(IoOps awaited) {
      if (cancelled) {
        return -1;
      }
      if (EpollIoOps.NONE.equals(awaited)) {
        rest();
        return 0;
      }
      if (!current.isValid()) {
        rearm();
      }
      armed = true;
      return current.submit(awaited);
    }

    private void rest() {
      if (armed) {
        armed = false;
        current.cancel();
        idle.add(this);
      }
    }

    private void rearm() {
      try {
        current = epoll.register(handle);
      } catch (Exception e) {
        throw new IllegalStateException("cannot register again", e);
      }
      idle.remove(this);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return current.attachment();
    }

    @Override
    public boolean isValid() {
      return !cancelled;
    }

    @Override
    public boolean cancel() {
      if (cancelled) {
        return false;
      }
      cancelled = true;
      idle.remove(this);
      current.cancel();
      return true;
    }

    private void close() {
      cancel();
      try {
        handle.close();
      } catch (Exception e) {
        log.debug("Not closed: {}", handle, e);
      }
    }
  }
}
