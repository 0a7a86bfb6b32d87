package dev.understudy.proxy.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in PEM that a setting names. What its exceptions say names the setting and the file, and
 * nothing of the content.
 */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  /** What other forms of a private key are called: of one algorithm, and encrypted. */
  private static final Pattern OTHER_KEY = Pattern.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----");

  private static final long LONGEST = 1 << 20;

  private final String setting;
  private final Path path;

  PemFile(String setting, Path path) {
    this.setting = setting;
    this.path = path;
  }

  /** At least one. */
  List<X509Certificate> certificates() throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] encoded : blocks("CERTIFICATE", read())) {
      try {
        certificates.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded)));
      } catch (CertificateException e) {
        throw problem(
            "has a certificate that cannot be read",
            "see what \"openssl x509 -in %s -noout\" says".formatted(path));
      }
    }
    if (certificates.isEmpty()) {
      throw problem(
          "holds no certificate",
          "it must be PEM: -----BEGIN CERTIFICATE-----, the proxy's own first");
    }
    return certificates;
  }

  /**
   * The key.
   *
   * @param algorithm of its certificate
   */
  PrivateKey privateKey(String algorithm) throws TlsException {
    String text = read();
    List<byte[]> keys = blocks("PRIVATE KEY", text);
    if (keys.isEmpty()) {
      throw OTHER_KEY.matcher(text).find()
          ? problem(
              "holds a private key that is encrypted, or in a form other than PKCS#8",
              "convert it: openssl pkcs8 -topk8 -nocrypt -in %s -out NEW".formatted(path))
          : problem(
              "holds no private key",
              "it must be PEM in the form PKCS#8: -----BEGIN PRIVATE KEY-----");
    }
    try {
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(keys.getFirst()));
    } catch (GeneralSecurityException e) {
      throw problem(
          "is no private key of the kind that the certificate is for (" + algorithm + ")",
          "name the key that the certificate was asked for with");
    }
  }

  private List<byte[]> blocks(String type, String text) throws TlsException {
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(type)) {
        try {
          blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
        } catch (IllegalArgumentException e) {
          throw problem("is not base64 between the dashes", "copy the file anew");
        }
      }
    }
    return blocks;
  }

  private String read() throws TlsException {
    try {
      if (Files.size(path) > LONGEST) {
        throw problem("is longer than 1 MiB", "name a file in PEM");
      }
      return Files.readString(path, ISO_8859_1);
    } catch (TlsException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw problem("is not there", "name a file in PEM");
    } catch (AccessDeniedException e) {
      throw problem("may not be read", "let the user read it that the daemon runs as");
    } catch (IOException e) {
      throw problem("cannot be read: " + e.getMessage(), "name a file in PEM");
    }
  }

  TlsException problem(String what, String hint) {
    return new TlsException(setting + ": " + path + " " + what, hint);
  }
}
