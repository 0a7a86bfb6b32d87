package dev.understudy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code http}. A message never repeats a hash, which might be a token by mistake. */
final class HttpReader {
  /** What the token in the data directory is called. */
  private static final String RESERVED = "administrator";

  private static final String HASH_PREFIX = "sha256:";
  private static final Pattern HASH = Pattern.compile(HASH_PREFIX + "[0-9a-f]{64}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]+");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
  private static final Pattern TOKEN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

  private final Section section;

  HttpReader(Section section) {
    this.section = section;
  }

  Http read() {
    boolean enabled = section.choice("enabled", Map.of("true", true, "false", false), true);
    String host = section.text("host", Http.DEFAULT.host());
    int port = section.integer("port", Http.PORT, 0, 65_535);
    CertificateFiles tls = tls(host);
    Http http = new Http(enabled, host, port, tls, names(), tokens(section.section("tokens")));
    section.refuseUnknown();
    return http;
  }

  private @Nullable CertificateFiles tls(String host) {
    Section tls = section.section("tls");
    boolean isWritten = tls.has("certificate") || tls.has("private-key");
    boolean isOn = tls.choice("mode", Map.of("off", false, "require", true), isWritten);
    CertificateFiles files = TlsReader.files(tls);
    if (!HOST.matcher(host).matches()) {
      section.error("host", "'" + host + "' is not a host name or address; 0.0.0.0 means all");
    } else if (!ListenReader.isLoopback(host) && !isWritten && !tls.has("mode")) {
      section.error(
          "host",
          "'"
              + host
              + "' can be reached from other hosts; name http.tls.certificate and"
              + " http.tls.private-key, or write http.tls.mode = off if tokens may travel"
              + " unencrypted, or listen on 127.0.0.1");
    }
    if (isOn && !isWritten) {
      tls.error(
          "mode",
          "'require' needs a certificate; name http.tls.certificate and http.tls.private-key, or"
              + " write mode = off");
    }
    tls.refuseUnknown();
    return isOn ? files : null;
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (String text : section.texts("names", List.of())) {
      String name = text.toLowerCase(Locale.ROOT);
      if (NAME.matcher(name).matches()) {
        names.add(name);
      } else {
        section.error(
            "names", "'" + text + "' is no host name; write db.example.com, without port");
      }
    }
    return names;
  }

  private static Map<String, HttpToken> tokens(Section section) {
    Map<String, HttpToken> tokens = new LinkedHashMap<>();
    for (Map.Entry<String, Section> entry : section.named().entrySet()) {
      String name = entry.getKey();
      if (name.equals(RESERVED)) {
        section.error(
            name, "is what the token in the data directory is called; choose another name");
      } else if (!TOKEN_NAME.matcher(name).matches()) {
        section.error(
            name, "a token's name has 1 to 63 characters of A-Z, a-z, 0-9, '.', '_', '@' and '-'");
      }
      tokens.put(name, token(name, entry.getValue()));
    }
    return tokens;
  }

  private static HttpToken token(String name, Section section) {
    String hash = section.requiredText("hash", "\"sha256:...\"");
    if (!hash.isEmpty() && !HASH.matcher(hash).matches()) {
      section.error(
          "hash", "is not sha256: and 64 hexadecimal digits; \"understudy token\" makes it");
    }
    HttpToken token =
        new HttpToken(
            name,
            new Secret(hash.startsWith(HASH_PREFIX) ? hash.substring(HASH_PREFIX.length()) : ""),
            section.choice(
                "role",
                Map.of(
                    "viewer", HttpToken.Role.VIEWER,
                    "user", HttpToken.Role.USER,
                    "administrator", HttpToken.Role.ADMINISTRATOR),
                HttpToken.Role.VIEWER),
            section.text("owner", name),
            environments(section));
    section.refuseUnknown();
    return token;
  }

  private static List<NamePattern> environments(Section section) {
    List<NamePattern> patterns = new ArrayList<>();
    for (String text : section.texts("environments", List.of())) {
      try {
        NamePattern pattern = new NamePattern(text);
        if (pattern.isPersonal()) {
          section.error(
              "environments",
              "'" + text + "' has " + NamePattern.ROLE + "; write \"" + pattern.with("*") + "\"");
        }
        patterns.add(pattern);
      } catch (IllegalArgumentException e) {
        section.error("environments", String.valueOf(e.getMessage()));
      }
    }
    return patterns;
  }
}
