package dev.understudy.config;

import java.net.InetAddress;
import java.util.List;

/**
 * Every connection begins with the PROXY protocol's header, which says whose it is.
 *
 * @param senders who is trusted with that; nobody else may connect
 */
public record ProxyProtocol(List<AddressBlock> senders) {
  public ProxyProtocol {
    senders = List.copyOf(senders);
  }

  /** Whether what somebody at this address says of whom it connects for is believed. */
  public boolean trusts(InetAddress address) {
    return senders.stream().anyMatch(sender -> sender.contains(address));
  }
}
