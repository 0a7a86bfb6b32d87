package dev.understudy.proxy.tls;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Tls;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Reads one certificate of the settings.
 *
 * @param engine that it is for
 * @param section of the settings that names the files
 * @param isByName whether it is of use only for the names of servers that it has
 */
record CertificateReader(Engine engine, String section, CertificateFiles files, boolean isByName) {
  /** By the algorithm of the key. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  CertificateReader {
    requireNonNull(section, "section is null");
    requireNonNull(files, "files is null");
  }

  /** Those of all certificates of the settings, in their order. */
  static List<CertificateReader> of(Tls settings, Engine engine) {
    return Stream.concat(
            Stream.of(new CertificateReader(engine, "listen.tls", settings.certificate(), false)),
            settings.others().stream()
                .map(
                    files -> new CertificateReader(engine, "listen.tls.certificates", files, true)))
        .toList();
  }

  /**
   * Reads it, for the caller to release. Blocks.
   *
   * @throws TlsException if one of its files cannot be used, or they do not belong together
   */
  TlsCertificate read() throws TlsException {
    Pair pair = readPair();
    PemFile certificateFile = certificateFile();
    try {
      TlsCertificate certificate = TlsCertificate.of(engine, pair.privateKey(), pair.chain());
      if (isByName && certificate.names().isEmpty()) {
        certificate.release();
        throw certificateFile.problem(
            "is for no server by name, so nobody would be shown it",
            "use one with a subjectAltName such as DNS:db.example.com");
      }
      return certificate;
    } catch (SSLException e) {
      throw certificateFile.problem(
          "cannot be used for TLS: " + e.getMessage(), "name a certificate for servers");
    }
  }

  /** The same, as it is in the files. */
  Pair readPair() throws TlsException {
    PemFile certificateFile = certificateFile();
    PemFile keyFile = new PemFile(section + ".private-key", files.privateKey());
    List<X509Certificate> chain = certificateFile.certificates();
    PublicKey publicKey = chain.getFirst().getPublicKey();
    String signature = SIGNATURES.get(publicKey.getAlgorithm());
    if (signature == null) {
      throw certificateFile.problem(
          "is for a key of the kind " + publicKey.getAlgorithm(), "use one for an RSA or EC key");
    }
    PrivateKey privateKey = keyFile.privateKey(publicKey.getAlgorithm());
    if (!belongTogether(signature, privateKey, publicKey)) {
      throw keyFile.problem(
          "is not the private key of the certificate in " + files.certificate(),
          "the certificate that the key belongs to must come first in its file");
    }
    return new Pair(privateKey, chain);
  }

  private PemFile certificateFile() {
    return new PemFile(section + ".certificate", files.certificate());
  }

  /**
   * What the two files hold.
   *
   * @param chain its own certificate first
   */
  record Pair(PrivateKey privateKey, List<X509Certificate> chain) {}

  private static boolean belongTogether(
      String algorithm, PrivateKey privateKey, PublicKey publicKey) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
