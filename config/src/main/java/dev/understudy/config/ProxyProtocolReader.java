package dev.understudy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code listen.proxy-protocol} and who may send it. */
final class ProxyProtocolReader {
  private static final String MODE = "proxy-protocol";
  private static final String SENDERS = "proxy-protocol-senders";

  private final Section listen;

  ProxyProtocolReader(Section listen) {
    this.listen = listen;
  }

  /** Null: no connection has a header. */
  @Nullable ProxyProtocol read() {
    boolean required = listen.choice(MODE, Map.of("off", false, "required", true), false);
    List<AddressBlock> senders = senders();
    if (required && !listen.has(SENDERS)) {
      listen.error(
          SENDERS,
          "is missing; name the addresses of the load balancers, for example "
              + SENDERS
              + " ="
              + " [\"10.1.0.0/16\"]");
    } else if (!required && listen.has(SENDERS)) {
      listen.error(SENDERS, "has no meaning without " + MODE + " = required");
    }
    return required ? new ProxyProtocol(senders) : null;
  }

  private List<AddressBlock> senders() {
    List<AddressBlock> senders = new ArrayList<>();
    for (String text : listen.texts(SENDERS, List.of())) {
      try {
        senders.add(AddressBlock.parse(text));
      } catch (IllegalArgumentException e) {
        listen.error(SENDERS, String.valueOf(e.getMessage()));
      }
    }
    return senders;
  }
}
