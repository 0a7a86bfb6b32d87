package dev.understudy.server.http.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * One file of the page. It never changes while the daemon lives.
 *
 * @param path in URLs
 * @param etag of its content, with quotes
 */
public record PageFile(String path, String mediaType, String content, String etag) {
  private static final int ETAG_CHARACTERS = 32;

  /**
   * Nothing but the page's own files runs, is shown or is asked, no text becomes markup, and no
   * other site has the page in a frame.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  public PageFile {
    requireNonNull(path, "path is null");
    requireNonNull(mediaType, "mediaType is null");
    requireNonNull(content, "content is null");
    requireNonNull(etag, "etag is null");
  }

  /** Reads one that lies beside this class. */
  static PageFile read(String path, String name) {
    try (InputStream in = PageFile.class.getResourceAsStream(name)) {
      byte[] content = requireNonNull(in, name + " is missing").readAllBytes();
      return new PageFile(path, mediaType(name), new String(content, UTF_8), etag(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That it is sent with, beside those of every answer or in their place. */
  public Map<String, String> headers() {
    return Map.of(
        "Content-Security-Policy",
        CONTENT_SECURITY_POLICY,
        "Cross-Origin-Opener-Policy",
        "same-origin",
        "Cache-Control",
        "no-cache",
        "ETag",
        etag);
  }

  private static String mediaType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html;charset=utf-8";
      case "css" -> "text/css;charset=utf-8";
      case "js" -> "text/javascript;charset=utf-8";
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static String etag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest).substring(0, ETAG_CHARACTERS) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
