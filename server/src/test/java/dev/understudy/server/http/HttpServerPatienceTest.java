package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.CertificateFiles;
import dev.understudy.server.certificate.OwnCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who takes their time, and who is not waited for. */
final class HttpServerPatienceTest extends HttpServerFixture {
  private static final Bounds IMPATIENT =
      new Bounds(64, 8 << 10, Duration.ofMillis(400), Duration.ofMillis(400));

  @Test
  void whoWaitsForAnAnswerMayWaitLongerThanWhoSaysNothing() throws Exception {
    Client client = client(opened(IMPATIENT), ADMINISTRATOR);

    assertThat(client.get("/api/v1/slow").statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamLivesAsLongAsSomethingIsSaid() throws Exception {
    Client client = client(opened(IMPATIENT), ADMINISTRATOR);

    HttpResponse<String> stream = client.get("/api/v1/stream");
    assertThat(stream.body()).hasSize(20);
    assertThat(stream.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
  }

  @Test
  void whoDoesNotReadIsGivenUp() throws Exception {
    int port = opened(IMPATIENT).port();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = request("GET", "/api/v1/flood", "Authorization: Bearer " + ADMINISTRATOR);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));

      assertThat(flooded.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoSaysNothingOrSaysItTooSlowlyIsShutOut() throws Exception {
    int port = opened(IMPATIENT).port();

    assertThat(isShutOut(port, "")).isTrue();
    assertThat(isShutOut(port, "GET /api/v1/who HTTP/1.1\r\nX: ")).isTrue();
    assertThat(
            isShutOut(
                port,
                "POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
                    + "Content-Type: application/json\r\nAuthorization: Bearer "
                    + ADMINISTRATOR
                    + "\r\n\r\n"))
        .isTrue();
  }

  @Test
  void whoNeverEndsAHandshakeIsShutOut() throws Exception {
    CertificateFiles files = OwnCertificate.beside(directory.resolve("data")).ensure();
    HttpServer secure = HttpServer.open(http(0, files), IMPATIENT);
    server = secure;
    serve(secure);

    // The header of a record that is as long as one may be.
    assertThat(isShutOut(secure.port(), "\u0016\u0003\u0001@\0")).isTrue();
  }

  /** A byte now and then keeps no connection open. */
  private static boolean isShutOut(int port, String beginning) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(ISO_8859_1));
      socket.setSoTimeout(150);
      InputStream in = socket.getInputStream();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (System.nanoTime() < deadline) {
        try {
          if (in.read() < 0) {
            return true;
          }
        } catch (SocketTimeoutException e) {
          if (!beginning.isEmpty()) {
            out.write(' ');
          }
        }
      }
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }
}
