package dev.understudy.server.client;

import dev.understudy.server.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are taken for the daemon's. */
final class Trust {
  private Trust() {}

  /** In those that a file of certificates (PEM) verifies, and in no others. */
  static SSLContext in(Path file) throws CommandException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry(String.valueOf(store.size()), certificate);
      }
      if (store.size() == 0) {
        throw new CommandException(file + " holds no certificate", hint(), null);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandException(
          "the certificates in " + file + " cannot be read: " + e.getMessage(), hint(), e);
    }
  }

  private static String hint() {
    return "Give the certificate of the authority, or the daemon's own, in PEM.";
  }
}
