package dev.understudy.proxy.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of several certificates a client is shown: one that has the name of the server that the
 * client asks for, else one that has it with {@code *} for its first label, else the first.
 */
final class CertificateChoice {
  private final TlsCertificate first;
  private final Map<String, TlsCertificate> byName = new HashMap<>();

  /**
   * @param certificates at least one; of those that have the same name the first counts
   */
  CertificateChoice(List<TlsCertificate> certificates) {
    first = certificates.getFirst();
    for (TlsCertificate certificate : certificates) {
      certificate.names().forEach(name -> byName.putIfAbsent(name, certificate));
    }
  }

  TlsCertificate of(@Nullable String serverName) {
    if (serverName == null) {
      return first;
    }
    TlsCertificate exact = byName.get(serverName);
    if (exact != null) {
      return exact;
    }
    int dot = serverName.indexOf('.');
    return dot < 1 ? first : byName.getOrDefault("*" + serverName.substring(dot), first);
  }
}
