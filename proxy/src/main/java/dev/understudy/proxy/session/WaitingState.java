package dev.understudy.proxy.session;

import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.transport.Channels;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;

/**
 * Where an authenticated client stands, and what must be given back if it leaves now.
 *
 * <pre>
 *   Opening ──► Connecting ──► StartingUp ──► Over (relaying)
 *      │             │              │
 *      └─────────────┴──────────────┴───────► Over (closed)
 * </pre>
 *
 * A server that lets nobody in for now leads from StartingUp to Pausing, and that to Opening.
 */
sealed interface WaitingState {
  /** Gives back what the state holds. */
  void abandon();

  /** The environment is looked up or made. Leaving ends the wait and never the creation. */
  record Opening(CompletableFuture<Lease> lease) implements WaitingState {
    @Override
    public void abandon() {
      lease.cancel(false);
    }
  }

  /** The server's socket is being connected to. */
  record Connecting(Lease lease, Future<Channel> server) implements WaitingState {
    @Override
    public void abandon() {
      // A connect that has just succeeded cannot be cancelled any more.
      if (!server.cancel(false) && server.isSuccess()) {
        Channels.close(server.getNow());
      }
      lease.close();
    }
  }

  /** The server goes through its startup. The lease hangs on the server's channel. */
  record StartingUp(Lease lease, Channel server) implements WaitingState {
    @Override
    public void abandon() {
      Channels.close(server);
    }
  }

  /** The server lets nobody in for now; it is asked again when the timer runs. */
  record Pausing(Future<?> timer) implements WaitingState {
    @Override
    public void abandon() {
      timer.cancel(false);
    }
  }

  /** Relaying, or closed: nothing is held here. */
  record Over() implements WaitingState {
    @Override
    public void abandon() {}
  }
}
