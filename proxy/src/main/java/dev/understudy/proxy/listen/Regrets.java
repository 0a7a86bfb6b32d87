package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import io.netty.channel.Channel;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns clients away for whom there is no room.
 *
 * <p>Each is told why, whatever it has said, and has seconds to take note. Only so many do that at
 * once; who comes beyond them is closed without a word, so that a flood of refused clients holds no
 * more sockets than that. Thread-safe.
 */
public final class Regrets {
  private static final Logger log = LoggerFactory.getLogger(Regrets.class);

  private final OccasionalWarning warning =
      new OccasionalWarning(
          log, "Turned clients away, too many have connected and not authenticated");

  private final Semaphore budget;
  private final Consumer<ErrorResponse> refused;

  /**
   * For clients of one proxy.
   *
   * @param atOnce that are told why
   * @param refused hears of each, told why or not; cheap
   */
  public Regrets(int atOnce, Consumer<ErrorResponse> refused) {
    this.budget = new Semaphore(atOnce);
    this.refused = requireNonNull(refused, "refused is null");
  }

  /** There is no room. On the client's event loop. */
  void send(Channel client) {
    requireNonNull(client, "client is null");
    warning.happened();
    say(client, Refusals.tooManyArrivals());
  }

  /** For another reason, which somebody else logs. On the client's event loop. */
  void say(Channel client, ErrorResponse refusal) {
    refused.accept(refusal);
    if (budget.tryAcquire()) {
      Channels.whenClosed(client, budget::release);
      Farewell.say(client, refusal);
    } else {
      Channels.close(client);
    }
  }
}
