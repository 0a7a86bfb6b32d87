package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which a request's head arrives so slowly that it never ends, a byte at a
 * time: they are not silent. Who waits for an answer may wait.
 */
final class SlowClients extends AbstractLifeCycle implements Connection.Listener {
  private final Scheduler scheduler;
  private final Duration patience;
  private final Map<Connection, Progress> connections = new ConcurrentHashMap<>();

  /**
   * @param patience from the beginning of a connection or the last answer to the next whole request
   */
  SlowClients(Scheduler scheduler, Duration patience) {
    this.scheduler = requireNonNull(scheduler, "scheduler is null");
    this.patience = requireNonNull(patience, "patience is null");
  }

  /** How far a connection was when it was seen to get on last. */
  private record Progress(long requests, long answers, long bytes, long sinceNanos) {
    static Progress of(Connection connection, long sinceNanos) {
      return new Progress(
          connection.getMessagesIn(), connection.getMessagesOut(), bytes(connection), sinceNanos);
    }

    boolean gotOn(Connection now) {
      return now.getMessagesIn() != requests || now.getMessagesOut() != answers;
    }

    /** Whether it sends, and no request comes of it. Bodies have a limit of their own. */
    boolean dawdles(Connection now) {
      return bytes(now) != bytes && now.getMessagesIn() <= now.getMessagesOut();
    }

    /** As they come in: of TLS, those too that never become a record. */
    private static long bytes(Connection connection) {
      return connection.getEndPoint() instanceof SslConnection.SslEndPoint inside
          ? inside.getSslConnection().getBytesIn()
          : connection.getBytesIn();
    }
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection.getMessagesIn() >= 0) { // TLS counts no messages
      connections.put(connection, Progress.of(connection, System.nanoTime()));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    connections.remove(connection);
  }

  @Override
  protected void doStart() {
    schedule();
  }

  private void schedule() {
    scheduler.schedule(this::look, Math.max(1, patience.toMillis() / 4), TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!isRunning() && !isStarting()) {
      return;
    }
    long now = System.nanoTime();
    Iterator<Map.Entry<Connection, Progress>> each = connections.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<Connection, Progress> entry = each.next();
      Connection connection = entry.getKey();
      Progress last = entry.getValue();
      if (last.gotOn(connection)) {
        entry.setValue(Progress.of(connection, now));
      } else if (last.dawdles(connection) && now - last.sinceNanos() > patience.toNanos()) {
        each.remove();
        connection.getEndPoint().close();
      }
    }
    schedule();
  }
}
