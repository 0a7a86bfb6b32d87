package dev.understudy.proxy.authenticate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import com.ongres.scram.common.util.TlsServerEndpoint;
import dev.understudy.protocol.Bytes;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What ties an authentication to the TLS connection that it goes through: the certificate that the
 * client has seen, as RFC 5929 has it ({@code tls-server-end-point}). Somebody between the two
 * cannot pass on an exchange that names another one.
 *
 * @param endPoint the hash of the certificate
 */
public record ChannelBinding(Bytes endPoint) {
  static final String TYPE = "tls-server-end-point";

  public ChannelBinding {
    requireNonNull(endPoint, "endPoint is null");
  }

  /**
   * To connections that show this certificate.
   *
   * @return null: its signature has no hash of its own to name, so nothing is defined for it
   */
  public static @Nullable ChannelBinding to(X509Certificate certificate) {
    if (!certificate.getSigAlgName().contains("with")) {
      return null;
    }
    try {
      byte[] hash = TlsServerEndpoint.getChannelBindingData(certificate);
      return hash.length == 0 ? null : new ChannelBinding(Bytes.of(hash));
    } catch (CertificateEncodingException e) {
      return null;
    }
  }

  /** What the client's final message must hold, in base64: its header, and what it has seen. */
  String expected() {
    byte[] header = ("p=" + TYPE + ",,").getBytes(US_ASCII);
    byte[] all = Arrays.copyOf(header, header.length + endPoint.length());
    System.arraycopy(endPoint.toArray(), 0, all, header.length, endPoint.length());
    return Base64.getEncoder().encodeToString(all);
  }
}
