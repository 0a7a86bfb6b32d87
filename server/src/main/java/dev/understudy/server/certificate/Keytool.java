package dev.understudy.server.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.understudy.server.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The program that comes with every Java and makes keys and certificates. */
final class Keytool {
  private static final String ALIAS = "own";

  /** So that it stands in no command line, which all users of the host can read. */
  private static final String PASSWORD_VARIABLE = "UNDERSTUDY_KEYSTORE_PASSWORD";

  private Keytool() {}

  /** A new key, and a certificate that is signed by it. */
  record Made(PrivateKey privateKey, X509Certificate certificate) {
    Made {
      requireNonNull(privateKey, "privateKey is null");
      requireNonNull(certificate, "certificate is null");
    }
  }

  /**
   * Makes a certificate for the names of this host that it has for itself. Blocks, for about as
   * long as a Java takes to start.
   *
   * @param directory of nobody else; empty
   */
  static Made make(Path directory, int days)
      throws CommandException, IOException, InterruptedException {
    Path store = directory.resolve("own.p12");
    String password = UUID.randomUUID().toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1",
            "-J-XX:+UseSerialGC",
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-validity",
            Integer.toString(days),
            "-ext",
            "san=dns:localhost,ip:127.0.0.1,ip:::1",
            "-ext",
            "eku=serverAuth",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass:env",
            PASSWORD_VARIABLE);
    builder.environment().put(PASSWORD_VARIABLE, password);
    run(builder);
    return read(store, password.toCharArray());
  }

  private static void run(ProcessBuilder builder)
      throws CommandException, IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      String said = new String(output.readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw problem(said.lines().findFirst().orElse("keytool failed"), null);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static Made read(Path store, char[] password) throws CommandException, IOException {
    try {
      KeyStore read = KeyStore.getInstance(store.toFile(), password);
      return new Made(
          (PrivateKey) read.getKey(ALIAS, password), (X509Certificate) read.getCertificate(ALIAS));
    } catch (GeneralSecurityException e) {
      throw problem(String.valueOf(e.getMessage()), e);
    }
  }

  static CommandException problem(String why, @Nullable Exception cause) {
    return new CommandException("cannot make a certificate: " + why, null, cause);
  }
}
