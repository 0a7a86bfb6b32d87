package dev.understudy.proxy.startup;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.refuse.Farewell;
import dev.understudy.proxy.refuse.Refusals;
import dev.understudy.proxy.transport.Channels;
import dev.understudy.proxy.transport.ClientAddress;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a client whose startup or login threw something. */
final class StartupFailure {
  private static final Logger log = LoggerFactory.getLogger(StartupFailure.class);

  private StartupFailure() {}

  static void handle(Channel client, Throwable thrown) {
    Throwable cause =
        thrown instanceof DecoderException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    switch (cause) {
      case ProtocolException violation -> {
        log.info("{}: {}", ClientAddress.of(client), violation.message());
        Farewell.say(client, ErrorResponse.fatal(violation));
      }
      case IOException lost -> {
        log.debug("{}: lost before it was authenticated", ClientAddress.of(client), lost);
        Channels.close(client);
      }
      default -> {
        log.warn("{}: startup failed", ClientAddress.of(client), cause);
        Farewell.say(client, Refusals.internalError());
      }
    }
  }
}
