package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What no well-behaved client sends, and what comes of it. */
final class Raw {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

  /** The connection was closed without an answer. */
  static final int CLOSED = -1;

  private Raw() {}

  /** The status of the answer, or {@link #CLOSED}. */
  static int status(int port, String request) throws IOException {
    return statusOf(answer(port, request));
  }

  /** The same of an answer that has come. */
  static int statusOf(String answer) {
    Matcher status = STATUS.matcher(answer);
    return status.lookingAt() ? Integer.parseInt(status.group(1)) : CLOSED;
  }

  /** All that comes until the server closes the connection, or says nothing more. */
  static String answer(int port, String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.shutdownOutput();
        return read(socket.getInputStream());
      } catch (IOException e) {
        return ""; // it was reset
      }
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    in.transferTo(all);
    return all.toString(ISO_8859_1);
  }

  /** A whole request without a body, on a connection that ends with it. */
  static String request(String method, String target, String... headers) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        + "\r\n";
  }
}
