package dev.understudy.proxy.tls;

import dev.understudy.config.CertificateFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS for servers other than the proxy. */
public final class ServerContext {
  private static final char[] IN_MEMORY_ONLY = "memory".toCharArray();

  private ServerContext() {}

  /**
   * Reads a certificate with the same care as the proxy's. Blocks.
   *
   * @param section of the settings that names the files, for messages
   * @throws TlsException if they cannot be used
   */
  public static SSLContext of(String section, CertificateFiles files) throws TlsException {
    CertificateReader.Pair pair =
        new CertificateReader(Engine.JDK, section, files, false).readPair();
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "server",
          pair.privateKey(),
          IN_MEMORY_ONLY,
          pair.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, IN_MEMORY_ONLY);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(
          section + ".certificate: " + files.certificate() + " cannot be used for TLS: " + e,
          "name a certificate for servers");
    }
  }
}
