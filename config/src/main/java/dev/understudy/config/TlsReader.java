package dev.understudy.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code listen.tls}. */
final class TlsReader {
  private static final String CERTIFICATE = "certificate";
  private static final String PRIVATE_KEY = "private-key";
  private static final String OFF = "off";
  private static final String ALLOW = "allow";
  private static final String REQUIRE = "require";

  /** So long that the name of an environment, of at most 63 characters, still fits before it. */
  private static final int LONGEST_DOMAIN = 253 - 64;

  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  private final Section section;

  TlsReader(Section section) {
    this.section = section;
  }

  /** Null: no TLS. */
  @Nullable Tls read() {
    CertificateFiles certificate = files(section);
    List<CertificateFiles> others = others();
    String domain = domain();
    String mode =
        section.choice(
            "mode",
            Map.of(OFF, OFF, ALLOW, ALLOW, REQUIRE, REQUIRE),
            section.has(CERTIFICATE) ? ALLOW : OFF);
    TlsEngine engine =
        section.choice(
            "engine",
            Map.of("auto", TlsEngine.AUTO, "jdk", TlsEngine.JDK, "boringssl", TlsEngine.BORINGSSL),
            TlsEngine.AUTO);
    requireCertificate(mode);
    section.refuseUnknown();
    return certificate == null || mode.equals(OFF)
        ? null
        : new Tls(certificate, others, domain, mode.equals(REQUIRE), engine);
  }

  private void requireCertificate(String mode) {
    if (section.has(CERTIFICATE) || section.has(PRIVATE_KEY)) {
      return;
    }
    if (!mode.equals(OFF)) {
      section.error(
          "mode",
          "'"
              + mode
              + "' needs a certificate; name listen.tls.certificate and listen.tls.private-key,"
              + " or write mode = off");
    } else if (section.has("certificates")) {
      section.error(
          "certificates",
          "needs another one for who names no server; name listen.tls.certificate and"
              + " listen.tls.private-key");
    } else if (section.has("domain")) {
      section.error(
          "domain",
          "needs a certificate, as server names are a part of TLS; name listen.tls.certificate and"
              + " listen.tls.private-key");
    }
  }

  private List<CertificateFiles> others() {
    List<CertificateFiles> all = new ArrayList<>();
    for (Section other : section.sections("certificates")) {
      CertificateFiles files = files(other);
      if (files != null) {
        all.add(files);
      } else if (!other.has(CERTIFICATE) && !other.has(PRIVATE_KEY)) {
        other.error(CERTIFICATE, "is missing; write { certificate = ..., private-key = ... }");
      }
      other.refuseUnknown();
    }
    return all;
  }

  /** Null if there are none, or half of them, or they are none. */
  static @Nullable CertificateFiles files(Section section) {
    Path certificate = file(section, CERTIFICATE);
    Path privateKey = file(section, PRIVATE_KEY);
    if (section.has(CERTIFICATE) && !section.has(PRIVATE_KEY)) {
      section.error(PRIVATE_KEY, "is missing; name the file of the certificate's private key");
    } else if (section.has(PRIVATE_KEY) && !section.has(CERTIFICATE)) {
      section.error(CERTIFICATE, "is missing; name the file of the private key's certificate");
    }
    return certificate == null || privateKey == null
        ? null
        : new CertificateFiles(certificate, privateKey);
  }

  private static @Nullable Path file(Section section, String key) {
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

  private @Nullable String domain() {
    String domain = section.text("domain");
    if (domain == null) {
      return null;
    }
    if (domain.length() > LONGEST_DOMAIN || !DOMAIN.matcher(domain).matches()) {
      section.error(
          "domain",
          "'" + domain + "' is no domain; db.example.com makes pr-1.db.example.com a name");
    }
    return domain.toLowerCase(Locale.ROOT);
  }
}
