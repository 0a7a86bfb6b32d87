package dev.understudy.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code listen.tls}. */
final class TlsReader {
  private static final String OFF = "off";
  private static final String ALLOW = "allow";
  private static final String REQUIRE = "require";

  private final Section section;

  TlsReader(Section section) {
    this.section = section;
  }

  /** Null: no TLS. */
  @Nullable Tls read() {
    Path certificate = file("certificate");
    Path privateKey = file("private-key");
    section.notSupportedYet("domain");
    String mode =
        section.choice(
            "mode",
            Map.of(OFF, OFF, ALLOW, ALLOW, REQUIRE, REQUIRE),
            section.has("certificate") ? ALLOW : OFF);
    requireBothOrNeither(mode);
    section.refuseUnknown();
    return certificate == null || privateKey == null || mode.equals(OFF)
        ? null
        : new Tls(certificate, privateKey, mode.equals(REQUIRE));
  }

  private void requireBothOrNeither(String mode) {
    boolean certificate = section.has("certificate");
    boolean privateKey = section.has("private-key");
    if (certificate && !privateKey) {
      section.error("private-key", "is missing; name the file of the certificate's private key");
    } else if (privateKey && !certificate) {
      section.error("certificate", "is missing; name the file of the private key's certificate");
    } else if (!certificate && !mode.equals(OFF)) {
      section.error(
          "mode",
          "'"
              + mode
              + "' needs a certificate; name listen.tls.certificate and listen.tls.private-key,"
              + " or write mode = off");
    }
  }

  private @Nullable Path file(String key) {
    String text = section.text(key);
    if (text == null) {
      return null;
    }
    try {
      Path file = Paths.absolute(text);
      if (!Files.isReadable(file)) {
        section.warning(key, "'" + file + "' cannot be read now; without it nothing listens");
      }
      return file;
    } catch (IllegalArgumentException e) {
      section.error(key, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
