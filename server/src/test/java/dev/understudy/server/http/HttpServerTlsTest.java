package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.CertificateFiles;
import dev.understudy.server.CommandException;
import dev.understudy.server.certificate.OwnCertificate;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** HTTPS, and certificates that cannot be used. */
final class HttpServerTlsTest extends HttpServerFixture {
  @Test
  void tlsIsAllThatIsSpokenWhereThereIsACertificate() throws Exception {
    CertificateFiles files = OwnCertificate.beside(directory.resolve("data")).ensure();
    HttpServer secure = HttpServer.open(http(0, files));
    server = secure;
    serve(secure);

    HttpClient client = HttpClient.newBuilder().sslContext(trusting(files.certificate())).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + secure.port() + "/api/v1/who"))
            .header("Authorization", "Bearer " + ADMINISTRATOR)
            .header("Origin", "https://localhost:" + secure.port())
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);

    CertificateFiles others = OwnCertificate.beside(directory.resolve("others/data")).ensure();
    Runnable shown = secure.prepareCertificate(others);
    HttpClient expectant =
        HttpClient.newBuilder().sslContext(trusting(others.certificate())).build();
    assertThatThrownBy(() -> expectant.send(request, HttpResponse.BodyHandlers.ofString()))
        .isInstanceOf(SSLHandshakeException.class);
    shown.run();
    assertThat(expectant.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(Raw.status(secure.port(), request("GET", "/open"))).isNotEqualTo(200);
  }

  @Test
  void aCertificateThatCannotBeUsedIsSaidSo() {
    CertificateFiles files =
        new CertificateFiles(directory.resolve("no.crt"), directory.resolve("no.key"));

    assertThatThrownBy(() -> HttpServer.open(http(0, files)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("http.tls.certificate: ");
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = new FileInputStream(certificate.toFile())) {
      trusted.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
