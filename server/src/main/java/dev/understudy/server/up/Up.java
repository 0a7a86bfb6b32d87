package dev.understudy.server.up;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.survey.Survey;
import dev.understudy.config.CertificateFiles;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Http;
import dev.understudy.config.Secret;
import dev.understudy.config.Settings;
import dev.understudy.proxy.authenticate.Credential;
import dev.understudy.server.certificate.OwnCertificate;
import dev.understudy.server.serve.Port;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon in front of one URL runs with.
 *
 * @param file of the settings
 * @param password of the one user; null if it was told at an earlier time
 * @param database that environments are of
 */
record Up(Settings settings, Path file, @Nullable String password, String database) {
  private static final int PASSWORD_LENGTH = 20;

  Up {
    requireNonNull(settings, "settings is null");
    requireNonNull(file, "file is null");
    requireNonNull(database, "database is null");
  }

  /** As an earlier time left it, and whoever has edited it since. */
  static Up again(UpFile file, Secret url) throws Exception {
    Settings settings = file.read(url);
    String database =
        settings.environments().stream()
            .map(EnvironmentPolicy::database)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("DATABASE");
    return new Up(settings, file.path(), null, database);
  }

  /**
   * Writes down what was found out about production.
   *
   * @param dataDirectory absolute
   * @param port wanted; where it is taken, another is written down
   * @param certificate for clients that ask for TLS
   */
  static Up first(
      UpFile file,
      Secret url,
      Survey survey,
      Path dataDirectory,
      int port,
      CertificateFiles certificate)
      throws Exception {
    String password = Passwords.random(PASSWORD_LENGTH);
    file.write(text(url, survey, dataDirectory, port, new Secret(password), certificate));
    return new Up(file.read(url), file.path(), password, survey.database());
  }

  private static String text(
      Secret url,
      Survey survey,
      Path dataDirectory,
      int wantedPort,
      Secret password,
      CertificateFiles certificate)
      throws IOException {
    Credential credential = new Credential(survey.role(), password, true, null).prepared();
    return new UpSettings(
            dataDirectory,
            Port.freePreferably(wantedPort),
            Port.freePreferably(Http.PORT),
            url,
            survey.obstacle() == null ? "standby" : "dump",
            survey.database(),
            requireNonNull(credential.password(), "a password makes a verifier"),
            survey.role(),
            certificate)
        .text();
  }

  /** The certificate that clients are shown, if it is one that nobody has signed. */
  Optional<OwnCertificate> ownCertificate() {
    OwnCertificate own = OwnCertificate.beside(settings.dataDirectory());
    return Optional.ofNullable(settings.listen().tls())
        .filter(tls -> tls.certificate().equals(own.files()))
        .map(_ -> own);
  }
}
